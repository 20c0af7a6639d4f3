/** How likely to recommend, 0 to 10: neutral colours and no faces, so that the look does not push the answer. */
import { choices } from "./choices.ts";
import type { Kind } from "./kind.ts";
import { steps } from "./scale.ts";

export const nps: Kind = (asking) => choices(asking, "scale", steps(asking));
