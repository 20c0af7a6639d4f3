/** One to five stars; the stars up to the chosen one are filled by the stylesheet. */
import { choices } from "./choices.ts";
import { icon } from "./icon.ts";
import type { Kind } from "./kind.ts";
import { steps } from "./scale.ts";

const STAR = "M12 2l3 6.500 7 .9-5.100 4.900 1.300 7.100L12 18l-6.200 3.400 1.300-7.100L2 9.400l7-.9z";

export const stars: Kind = (asking) =>
  choices(asking, "stars", steps(asking).map((step) => ({ ...step, face: icon(STAR) })));
