import css from "./style.css";

/** Dress the shadow root by a constructed sheet, which even the strictest CSP allows. */
export function dress(root: ShadowRoot): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
}
