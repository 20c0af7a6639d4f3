import { blocked, focus, others, until } from "./sight.ts";

const SPARED = "[role=dialog],[id*=cookie i],[class*=cookie i],[id*=consent i],[class*=consent i]";

/**
 * Keep a prompt off the host's focused element (WCAG 2.4.11), its dialogs and its consent banner: go to the other edge
 * of the window (`up`), and step `aside` altogether while neither is free or something modal is open.
 */
export function keepClear(frame: HTMLElement, host: HTMLElement, signal: AbortSignal): void {
  const covers = () => {
    const a = frame.getBoundingClientRect();
    return [...others(SPARED, host), focus(host)].some((other) => {
      const b = other && other.getBoundingClientRect();
      return b && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    });
  };
  const move = () => {
    if (covers()) frame.classList.toggle("up");
    frame.classList.toggle("aside", covers() || blocked(host));
  };
  addEventListener("focusin", move, { signal });
  until(signal, move);
}

/** Call back once the middle of the frame has stood uncovered in the window for half a second. */
export function onceSeen(frame: Element, root: ShadowRoot, signal: AbortSignal, saw: () => void): void {
  let looks = 0;
  until(signal, () => {
    const { x, y, width, height } = frame.getBoundingClientRect();
    const there = root.elementFromPoint(x + width / 2, y + height / 2);
    looks = frame.contains(there) && !document.hidden ? looks + 1 : 0;
    if (looks < 3) return;
    saw();
    return true;
  });
}
