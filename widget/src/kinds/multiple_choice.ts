/** Any of several options, gathered in the options' own order. */
import { choices } from "./choices.ts";
import type { Kind } from "./kind.ts";
import { options } from "./single_choice.ts";

export const multipleChoice: Kind = (asking) => choices(asking, "list", options(asking), true);
