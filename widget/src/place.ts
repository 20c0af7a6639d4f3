/**
 * Keep a prompt off the host's focused element (WCAG 2.4.11): go to the other edge of the window (`up`), and step
 * `aside` altogether while neither is free.
 */
export function keepClear(frame: HTMLElement, host: HTMLElement, signal: AbortSignal): void {
  const covers = () => {
    const focused = document.activeElement;
    if (!focused || focused.contains(host)) return false;
    const [a, b] = [frame, focused].map((element) => element.getBoundingClientRect()) as [DOMRect, DOMRect];
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  };
  const move = () => {
    if (covers()) frame.classList.toggle("up");
    frame.classList.toggle("aside", covers());
  };
  for (const type of ["focusin", "scroll", "resize"]) addEventListener(type, move, { signal, capture: true });
  move();
}
