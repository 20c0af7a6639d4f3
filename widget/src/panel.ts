import { Fate } from "./delivery.ts";
import { h } from "./dom.ts";
import { dress } from "./dress.ts";
import { keepClear, onceSeen } from "./place.ts";
import type { Session } from "./session.ts";
import { focus } from "./sight.ts";
import { steps } from "./steps.ts";
import { styles } from "./style.ts";

const LINGER = 6000; // milliseconds that a prompt's thank-you stays

/** Draw a session into the shadow root, until the signal or its own end; `left` is called when it has run its course. */
export function panel(
  host: HTMLElement, root: ShadowRoot, session: Session, mode: string, signal: AbortSignal, left: () => void,
): void {
  const { survey: { words, locale, dir, questions, footnote, touchpoint }, answers, put, tell } = session;
  const prompt = mode != "inline";
  const question = prompt && questions[0]!.text;
  let place = host;
  let origin: HTMLElement | undefined; // the host's element that had the focus before us

  const status = h("div", "status", { role: "status" });
  const body = h("div");
  const close = h("button", "close", { "aria-label": words.close }, "×");
  const frame = h("div", "panel " + mode,
    { lang: locale, dir, tabindex: -1, role: prompt && "dialog", "aria-label": question, popover: prompt && "manual" },
    body, status, footnote && h("p", "footnote", {}, footnote), prompt && close);

  const emit = (name: string) => host.dispatchEvent(new CustomEvent("afterword:" + name, {
    bubbles: true, composed: true, detail: { touchpoint, answers: { ...answers }, complete: session.over == "answered" },
  }));
  const say = (...parts: (string | Node)[]) => status.replaceChildren(...parts);
  const leave = () => {
    const focused = root.activeElement;
    frame.remove();
    if (focused) origin?.focus?.({ preventScroll: true });
    left();
  };
  const dismiss = () => {
    if (!session.over) {
      session.over = "dismissed";
      tell("dismissed");
      emit("dismissed");
    }
    leave();
  };
  const linger = () => setTimeout(() => (root.querySelector(":hover,:focus-visible,a") ? linger : leave)(), LINGER);

  session.settled = (fate) => {
    if (fate != Fate.Stored) {
      const retry = h("button", "retry", {}, words.retry);
      retry.onclick = () => put();
      say(words.error + " ", fate ? "" : retry);
    } else if (session.over) {
      // What was clicked stands for a second thought; what was sent is over.
      if (!body.querySelector(".open")) body.remove();
      say(h("strong", "thanks", {}, words.thanks), words.thanks_more);
      if (prompt) linger();
      else left();
    } else say(words.sent);
  };

  if (prompt && !frame.showPopover && session.substitute) {
    place = session.substitute(host, signal);
    root = place.shadowRoot!;
  }
  dress(root, styles);
  root.replaceChildren(frame);
  const flow = steps(session, body, host.getAttribute("score"), say, () => emit("answered"));
  close.onclick = dismiss;
  frame.addEventListener("focusin", ({ relatedTarget }) => {
    if (relatedTarget && !frame.contains(relatedTarget as Node)) origin = relatedTarget as HTMLElement;
  });
  // What is typed here must not set off the page's shortcuts; Tab and Esc are also the page's.
  frame.onkeydown = frame.onkeypress = frame.onkeyup = (event) => /Tab|Esc/.test(event.key) || event.stopPropagation();
  addEventListener("pagehide", () => {
    flow();
    if (session.seen && !session.over && !Object.keys(answers).length) tell("abandoned");
    put({}, false, true);
  }, { signal });
  addEventListener("visibilitychange", () => flow(true), { signal });
  if (prompt) {
    frame.showPopover?.();
    keepClear(frame, place, signal);
    // Esc is ours while the focus is in the prompt or nowhere; in the host's own fields and dialogs it is theirs.
    addEventListener("keydown", ({ key, defaultPrevented }) => {
      if (key == "Escape" && !defaultPrevented && !focus(place)) dismiss();
    }, { signal });
    // The focus does not lead a screen reader here, so the status says once that a question has appeared.
    setTimeout(() => status.textContent || say(h("span", "hush", {}, question as string)), 100);
  }
  onceSeen(frame, root, signal, () => {
    session.seen ||= !tell("shown");
    emit("shown");
  });
}
