/** What few surveys need: the kinds that are asked less often (pictures and lists), and the browser's storage. */
import more from "./extras.css";
import { emotion } from "./kinds/emotion.ts";
import { goal } from "./kinds/goal.ts";
import { likert5 } from "./kinds/likert5.ts";
import { likert7 } from "./kinds/likert7.ts";
import { multipleChoice } from "./kinds/multiple_choice.ts";
import { singleChoice } from "./kinds/single_choice.ts";
import { stars } from "./kinds/stars.ts";
import { thumbs } from "./kinds/thumbs.ts";
import list from "./list.css";

export { resend, shelf } from "./store.ts";
export { take } from "./lent_to_extras.ts";
export { stand } from "./stand.ts";
export const css = list + more;
export const kinds = {
  likert5, likert7, stars, thumbs, emotion, goal,
  single_choice: singleChoice,
  multiple_choice: multipleChoice,
};
