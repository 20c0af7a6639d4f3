/** What can be seen, reached and focused; every shadow root on the way is looked through. */

const LOOK = 250; // milliseconds between two looks at the page

/** Look now and again until it is done, or until the signal. */
export function until(signal: AbortSignal, done: () => unknown): void {
  const look = () => signal.aborted || done() || setTimeout(look, LOOK);
  look();
}

/** The element and each shadow host around it. */
const chain = (element?: Element): Element[] =>
  element ? [element, ...chain((element.getRootNode() as ShadowRoot).host)] : [];

/** Whether the element holds the host, through any number of shadow roots. */
const holds = (element: Element, host: Element): boolean => chain(host).some((each) => element.contains(each));

/** Whether the element is rendered and not hidden. */
export const visible = (element: Element): boolean =>
  !!element.getClientRects()[0] && getComputedStyle(element).visibility == "visible";

/** What the page itself has focused: neither ours, nor all that is around us. */
export function focus(host: Element): Element | false | null {
  let element = document.activeElement;
  while (element != host && element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element && !holds(element, host) && element;
}

/** The visible elements of the page, but those around us, that a selector names. */
export const others = (selector: string, host: Element): Element[] =>
  [...document.querySelectorAll(selector)].filter((element) => visible(element) && !holds(element, host));

/** Whether something modal is open elsewhere, or what is around us is inert. */
export const blocked = (host: Element): boolean =>
  chain(host).some((each) => each.closest("[inert]")) ||
  // What only calls itself modal is believed where it lies over the page or has the focus.
  others(":modal,[aria-modal=true]", host).some((each) =>
    getComputedStyle(each).position != "static" || each.contains(document.activeElement));
