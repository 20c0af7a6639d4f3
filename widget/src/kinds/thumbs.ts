/** A thumb up (1) or down (0), the words beside it. */
import { choices } from "./choices.ts";
import { icon } from "./icon.ts";
import type { Kind } from "./kind.ts";

const THUMB = "M7 11l4-8q3 0 2.500 3.500l-.5 3.500h6q2 0 1.600 2l-1.600 7q-.4 2-2 2H7zM3 11h4v10H3z";

export const thumbs: Kind = (asking) => choices(asking, "thumbs", [1, 0].map((value) => ({
  value,
  face: icon(THUMB),
  label: asking.question.labels![1 - value],
})));
