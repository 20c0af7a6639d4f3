/** The open comment, in as many lines as the person likes. */
import type { Kind } from "./kind.ts";
import { text } from "./text.ts";

export const comment: Kind = (asking) => text(asking, "textarea");
