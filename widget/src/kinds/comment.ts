/** The open comment, in as many lines as the person likes. */
import { checkText } from "./checks.ts";
import type { Kind } from "./kind.ts";
import { text } from "./text.ts";

export const comment: Kind = { check: checkText, field: (asking) => text(asking, "textarea") };
