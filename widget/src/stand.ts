/** Without a top layer a prompt is drawn where no card of the page can clip or shift it: at the start of the body. */
export function stand(host: HTMLElement, signal: AbortSignal): HTMLElement {
  const place = document.createElement(host.localName);
  document.body.prepend(place);
  signal.addEventListener("abort", () => place.remove());
  return place;
}
