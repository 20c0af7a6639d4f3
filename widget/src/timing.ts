/** When a survey may show itself, by the element's attributes. */

/** Wait until the element is within `margin` of the window; one that is not rendered never is. */
export const inSight = (element: Element, rootMargin: string, signal: AbortSignal): Promise<void> =>
  new Promise((go) => {
    const observer = new IntersectionObserver(([entry]) => entry!.isIntersecting && go(), { rootMargin });
    observer.observe(element);
    signal.addEventListener("abort", () => observer.disconnect());
  });

/**
 * Wait for `delay` seconds, then for `after-scroll` percent or `on-exit`, whichever comes first; a survey in the
 * page's flow then waits until it is near the window.
 */
export async function moment(element: Element, inline: boolean, signal: AbortSignal): Promise<void> {
  const [delay, scroll, exit] = ["delay", "after-scroll", "on-exit"].map((name) => element.getAttribute(name));
  const root = document.documentElement;
  if (delay) await new Promise((go) => setTimeout(go, +delay * 1000));
  if (exit != null || scroll != null) {
    await new Promise<void>((go) => {
      const look = () => scrollY + innerHeight >= (root.scrollHeight * +(scroll || 50)) / 100 && go();
      // The pointer leaves at the top, on its way to the tabs or the address bar.
      if (exit != null) root.addEventListener("mouseleave", ({ clientY }) => clientY < 1 && go(), { signal });
      if (scroll != null) {
        addEventListener("scroll", look, { signal });
        look();
      }
    });
  }
  if (inline) await inSight(element, "200px", signal);
}
