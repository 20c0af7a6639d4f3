/** How it felt, -2 to 2: line-drawn faces of one colour, each with its words. */
import { choices } from "./choices.ts";
import { icon } from "./icon.ts";
import type { Kind } from "./kind.ts";

const face = (mood: number) => icon(`M12 2a10 10 0 1 1 0 20a10 10 0 1 1 0-20M8.500 8v2M15.500 8v2M7 ${15 - mood}q5 ${mood * 3} 10 0`);

export const emotion: Kind = (asking) => choices(asking, "faces", [-2, -1, 0, 1, 2].map((value, i) => ({
  value,
  face: face(value),
  label: asking.question.labels![i],
})));
