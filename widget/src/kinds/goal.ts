/** Whether the person got done what they came for: yes, partly, no. */
import { choices } from "./choices.ts";
import type { Kind } from "./kind.ts";
import { options } from "./single_choice.ts";

export const goal: Kind = (asking) => choices(asking, "pills", options(asking));
