/** How satisfied, 1 to 5, each step with its words. */
import { choices } from "./choices.ts";
import type { Kind } from "./kind.ts";
import { steps } from "./scale.ts";

export const csat: Kind = (asking) => choices(asking, "scale", steps(asking).map((step, i) => {
  const label = asking.question.labels![i];
  return { ...step, label, name: step.name + " – " + label };
}));
