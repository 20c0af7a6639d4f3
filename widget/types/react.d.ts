/** `<afterword-survey>` in React's JSX: `import type {} from "afterword-survey/react"` once in the project. */
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { AfterwordAttributes, AfterwordSurveyElement } from "./index.js";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "afterword-survey": DetailedHTMLProps<HTMLAttributes<AfterwordSurveyElement>, AfterwordSurveyElement> &
        Omit<AfterwordAttributes, "key">;
    }
  }
}
