import { h } from "../dom.ts";
import type { Value } from "../types.ts";
import type { Asking, Field } from "./kind.ts";

export interface Choice {
  value: Value;
  /** What is drawn on the target. */
  face: Node | string;
  /** Written under the face. */
  label?: string | undefined;
  /** The accessible name, where the face does not say it. */
  name?: string | undefined;
  /** What an end of the scale means; read after the name. */
  end?: string | undefined;
}

let groups = 0;

/**
 * Draw choices as native radios (or checkboxes) in a fieldset: roles, keys and states come from the browser.
 * A pointer's click (`detail` > 0) answers at once; a choice by key waits for Enter or the button, since an
 * arrow key selects on its way (WCAG 3.2.2).
 */
export function choices({ question, text, answer, change }: Asking, look: string, all: Choice[], several = false): Field {
  const name = "a" + groups++;
  const inputs = all.map((choice) => h("input", "", {
    type: several ? "checkbox" : "radio", name, "aria-label": choice.name, "aria-description": choice.end,
  }));
  const row = h("div", "row", {}, ...all.map(({ face, label }, i) =>
    h("label", "choice", {}, inputs[i], h("span", "face", {}, face), label && h("span", "", {}, label))));
  row.style.setProperty("--n", Math.ceil(all.length / 2) + "");
  row.onclick = ({ detail, target }) => {
    if ((target as HTMLInputElement).type) (detail && !several ? answer : change)();
  };
  return {
    box: h("fieldset", look, {}, h("legend", "question", {}, text), row, question.low &&
      h("div", "ends", { "aria-hidden": true }, h("span", "", {}, question.low), h("span", "", {}, question.high))),
    value: () => {
      const chosen = all.filter((_, i) => inputs[i]!.checked).map(({ value }) => value);
      return several ? (chosen as string[]) : chosen[0];
    },
    set: (value) => all.forEach((choice, i) => (inputs[i]!.checked = choice.value == value)),
    waits: several,
  };
}
