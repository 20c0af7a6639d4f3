import { h } from "../dom.ts";
import type { Asking, Field } from "./kind.ts";

/** A text box under its question, which says when the box may stay empty. */
export function text({ question, text, words }: Asking, tag: "input" | "textarea"): Field {
  const input = h(tag, "text", { maxlength: question.max_length, rows: 3, autocomplete: "off" });
  return {
    box: h("label", "", {},
      h("span", "question", {}, text, !question.required && h("small", "", {}, " (" + words.optional + ")")), input),
    value: () => input.value.trim(),
    set: (value) => (input.value = (value || "") as string),
    waits: true,
  };
}
