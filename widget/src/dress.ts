const sheet = (css: string): CSSStyleSheet => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
};

/** Dress the shadow root by constructed sheets, which even the strictest CSP allows. */
export function dress(root: ShadowRoot, css: string[] = []): void {
  root.adoptedStyleSheets = [":host(:not([hidden])){display:block}", ...css].map(sheet);
}
