/** The script's door: define the element once, and do nothing where the browser cannot dress or know it. */
import { AfterwordSurvey } from "./element.ts";

const NAME = "afterword-survey";

if (window.customElements && "adoptedStyleSheets" in document && !customElements.get(NAME)) {
  customElements.define(NAME, AfterwordSurvey);
}
