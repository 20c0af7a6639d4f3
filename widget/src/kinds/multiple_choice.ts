/** Any of several options, gathered in the options' own order. */
import { checkOptions } from "./checks.ts";
import { choices } from "./choices.ts";
import type { Kind } from "./kind.ts";
import { options } from "./single_choice.ts";

export const multipleChoice: Kind = {
  check: checkOptions,
  field: (asking) => choices(asking, "list", options(asking), true),
};
