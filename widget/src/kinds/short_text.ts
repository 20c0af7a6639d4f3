/** One line of text. */
import { checkText } from "./checks.ts";
import type { Kind } from "./kind.ts";
import { text } from "./text.ts";

export const shortText: Kind = { check: checkText, field: (asking) => text(asking, "input") };
