/** The way into a panel, below the thank-you: a part of its own, for customers who may be asked whether they join. */
import { Fate } from "./delivery.ts";
import type { Session } from "./session.ts";

/** Add the link wherever the thank-you is said; what they agree to stands on the page that it leads to. */
export function join(
  _host: HTMLElement, root: ShadowRoot, _signal: AbortSignal, _until: unknown, _blocked: unknown, session: Session,
): void {
  const { survey: { join }, settled } = session;
  const offer = () => {
    const thanks = root.querySelector(".thanks");
    if (!thanks || !join) return;
    const link = document.createElement("a");
    link.href = new URL(".." + join.url, import.meta.url).href;
    link.textContent = join.text;
    link.target = "_blank";
    link.rel = "noopener";
    link.setAttribute("part", "join");
    Object.assign(link.style, { display: "block", marginTop: "8px", color: "inherit" });
    thanks.parentNode!.append(link);
  };
  session.settled = (fate: Fate) => {
    settled!(fate);
    offer();
  };
  offer();
}
