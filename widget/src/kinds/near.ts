/** The kinds in the script that asks and shows: numbers, texts, and the one list that often follows a number. */
import type { KindName } from "../types.ts";
import { comment } from "./comment.ts";
import type { Kind } from "./kind.ts";
import { nps } from "./nps.ts";
import { shortText } from "./short_text.ts";
import { singleChoice } from "./single_choice.ts";

export const kinds: Partial<Record<KindName, Kind>> = {
  nps, csat: nps, ces: nps, likert5: nps, likert7: nps, comment, short_text: shortText, single_choice: singleChoice,
};
