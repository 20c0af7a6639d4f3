/** One line of text. */
import type { Kind } from "./kind.ts";
import { text } from "./text.ts";

export const shortText: Kind = (asking) => text(asking, "input");
