/** All question kinds, for the one-file script. */
import type { KindName } from "../types.ts";
import { ces } from "./ces.ts";
import { comment } from "./comment.ts";
import { csat } from "./csat.ts";
import { emotion } from "./emotion.ts";
import { goal } from "./goal.ts";
import type { Kind } from "./kind.ts";
import { likert5 } from "./likert5.ts";
import { likert7 } from "./likert7.ts";
import { multipleChoice } from "./multiple_choice.ts";
import { nps } from "./nps.ts";
import { shortText } from "./short_text.ts";
import { singleChoice } from "./single_choice.ts";
import { stars } from "./stars.ts";
import { thumbs } from "./thumbs.ts";

export const kinds: Record<KindName, Kind> = {
  nps, csat, ces, likert5, likert7, stars, thumbs, emotion, goal, comment,
  single_choice: singleChoice,
  multiple_choice: multipleChoice,
  short_text: shortText,
};
