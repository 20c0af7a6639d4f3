/** When a survey may show itself: its moment by the attributes, a page that lets it be seen, no other survey on show. */
import { blocked, until, visible } from "./sight.ts";

let holder: AbortSignal | undefined; // of the one on show

/**
 * Wait for `after-scroll` percent or `on-exit`, whichever comes first; a survey in the page's flow then waits until it
 * is near the window, and each until the stage is free. Resolves to how to leave it.
 */
export function stage(host: Element, inline: boolean, signal: AbortSignal): Promise<() => void> {
  const [scroll, exit] = ["after-scroll", "on-exit"].map((name) => host.getAttribute(name));
  const root = document.documentElement;
  let due = (scroll ?? exit) == null;
  // The pointer leaves at the top, on its way to the tabs or the address bar.
  if (exit != null) root.addEventListener("mouseleave", ({ clientY }) => (due ||= clientY < 1), { signal });
  return new Promise((enter) => until(signal, () => {
    const { top, bottom } = host.getBoundingClientRect();
    due ||= scroll != null && scrollY + innerHeight >= (root.scrollHeight * +(scroll || 50)) / 100;
    if (!due || (holder && !holder.aborted) || !visible(host) || blocked(host) || (inline && (top > innerHeight + 200 || bottom < -200))) return;
    holder = signal;
    enter(() => {
      if (holder == signal) holder = undefined;
    });
    return true;
  }));
}
