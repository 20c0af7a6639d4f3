/** The rarer kinds where their pictures cannot be had: the same answers, in words and numbers. */
import type { KindName } from "../types.ts";
import { choices } from "./choices.ts";
import type { Kind } from "./kind.ts";
import { nps } from "./nps.ts";
import { singleChoice } from "./single_choice.ts";

/** The labels one below the other, each for its value. */
const labelled = (values: number[]): Kind => (asking) =>
  choices(asking, "list", values.map((value, i) => ({ value, face: asking.question.labels![i]! })));

export const plain: Partial<Record<KindName, Kind>> = {
  stars: nps, goal: singleChoice, thumbs: labelled([1, 0]), emotion: labelled([-2, -1, 0, 1, 2]),
};
