/** `<afterword-survey>` in Svelte's markup: `import type {} from "afterword-survey/svelte"` once in the project. */
import type { HTMLAttributes } from "svelte/elements";
import type { AfterwordAttributes, AfterwordEvent, AfterwordSurveyElement } from "./index.js";

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "afterword-survey": HTMLAttributes<AfterwordSurveyElement> &
      AfterwordAttributes & {
        "onafterword:shown"?: (event: AfterwordEvent) => void;
        "onafterword:answered"?: (event: AfterwordEvent) => void;
        "onafterword:dismissed"?: (event: AfterwordEvent) => void;
        "onafterword:later"?: (event: AfterwordEvent) => void;
      };
  }
}
