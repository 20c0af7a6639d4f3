/** `<afterword-survey>` in Vue's templates and JSX: `import type {} from "afterword-survey/vue"` once in the project. */
import type { DefineComponent } from "vue";
import type { AfterwordAttributes } from "./index.js";

declare module "vue" {
  interface GlobalComponents {
    "afterword-survey": DefineComponent<AfterwordAttributes>;
  }
}
