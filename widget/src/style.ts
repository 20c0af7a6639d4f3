import css from "./style.css";

let sheet: CSSStyleSheet | undefined;

/** Dress the shadow root by a constructed sheet, which even the strictest CSP allows. */
export function dress(root: ShadowRoot): void {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  root.adoptedStyleSheets = [sheet];
}
