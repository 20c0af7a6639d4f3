/** "Remind me later": a way out of a prompt that is no refusal; a part of its own, for surveys whose policy offers it. */
import type { Session } from "./session.ts";

/** Add the button below the question, until it is answered; what was typed or ticked is for the next time. */
export function later(
  host: HTMLElement, root: ShadowRoot, _signal: AbortSignal, _until: unknown, _blocked: unknown, session: Session,
): void {
  const close = root.querySelector<HTMLElement>(".close"); // a prompt has one
  const { answers, survey: { words, touchpoint } } = session;
  if (!close || session.over || Object.keys(answers)[0]) return;
  const button = document.createElement("button");
  button.textContent = words.later;
  button.className = "later";
  button.setAttribute("part", "later");
  Object.assign(button.style, { justifySelf: "start", marginTop: "8px", padding: "8px 0", border: "0", textDecoration: "underline" });
  button.onclick = () => {
    session.over = "dismissed"; // in this page it is not asked again
    for (const field of root.querySelectorAll<HTMLInputElement>("input,textarea")) {
      field.checked = false;
      if (field.type != "radio") field.value = "";
    }
    session.tell("later");
    const detail = { touchpoint, answers: {}, complete: false };
    host.dispatchEvent(new CustomEvent("afterword:later", { bubbles: true, composed: true, detail }));
    close.click();
  };
  root.querySelector(".status")!.before(button);
  host.addEventListener("afterword:answered", () => button.remove());
}
