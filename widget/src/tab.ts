/** A feedback button at the edge of the window (`mode="tab"`): a part of its own, for the pages that have one. */
import type * as sight from "./sight.ts";
import css from "./tab.css";

const NAMES: Record<string, string> = { fr: "Votre avis", es: "Opinión", ar: "رأيك" };
const SPARED = "dialog,[role=dialog],[id*=cookie i],[class*=cookie i],[id*=consent i],[class*=consent i]";

/** What the button's element can do, besides what any element can. */
export interface Tab extends HTMLElement {
  state: "closed" | "open";
  open(): void;
  close(): void;
}

/**
 * Draw the button, named by what stands in the element. It opens a prompt with the element's own attributes, steps aside
 * for the page's dialogs and banners, and comes back when the prompt has left.
 */
export function tab(
  element: Element, root: ShadowRoot, signal: AbortSignal, until: typeof sight.until, blocked: typeof sight.blocked,
): void {
  if (signal.aborted) return;
  const host = element as Tab;
  const button = document.createElement("button");
  const name = document.createElement("slot");
  const language = host.getAttribute("locale") || document.documentElement.lang;
  name.textContent = NAMES[language.slice(0, 2)] ?? "Feedback";
  button.append(name);
  button.className = "tab";
  button.setAttribute("part", "tab");
  button.setAttribute("aria-haspopup", "dialog");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren(button);

  let prompt: HTMLElement | undefined;
  const panel = () => prompt?.shadowRoot!.querySelector<HTMLElement>("[role=dialog]");
  const opened = () => (host.state = prompt ? "open" : "closed");
  const away = (back?: boolean) => {
    prompt?.remove();
    prompt = undefined;
    opened();
    button.style.visibility = "";
    if (back) button.focus({ preventScroll: true });
  };
  host.open = () => {
    if (prompt?.shadowRoot!.firstChild) return;
    prompt?.remove(); // it has just left
    prompt = host.cloneNode() as HTMLElement;
    for (const later of ["delay", "after-scroll", "on-exit", "style", "class", "id"]) prompt.removeAttribute(later);
    prompt.setAttribute("mode", "open");
    root.append(prompt);
    opened();
    const mine = prompt;
    let led = false; // who asked for the question is led to it
    until(signal, () => {
      if (prompt != mine) return true;
      if (!led && panel()) {
        led = true;
        panel()!.focus();
      }
      // It has left when nothing is in it: before it comes, a slot is.
      if (!mine.shadowRoot!.firstChild) away(document.activeElement == document.body);
      return;
    });
  };
  // As the prompt's own close button, where it is on show.
  host.close = () => {
    const close = prompt?.shadowRoot!.querySelector<HTMLElement>(".close");
    if (close) close.click();
    else away();
  };
  button.onclick = host.open;
  opened();

  until(signal, () => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    const covers = [...document.querySelectorAll(SPARED)].some((each) => {
      const it = each.getBoundingClientRect();
      return left < it.right && it.left < right && top < it.bottom && it.top < bottom &&
        !each.contains(host) && getComputedStyle(each).visibility == "visible";
    });
    button.style.visibility = covers || panel() || blocked(host) ? "hidden" : "";
  });
}
