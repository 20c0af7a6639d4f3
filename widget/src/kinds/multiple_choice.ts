/** Any of several options, gathered in the options' own order; as many as the question asks for. */
import type { Question } from "../types.ts";
import { choices } from "./choices.ts";
import type { Kind } from "./kind.ts";
import { options } from "./single_choice.ts";

/** Whether too few are chosen, or too many. */
export const outside = ({ min_choices, max_choices }: Question, chosen: string[]): boolean =>
  chosen.length < min_choices! || chosen.length > max_choices!;

export const multipleChoice: Kind = (asking) => {
  const field = choices(asking, "list", options(asking), true);
  field.lacks = () => outside(asking.question, field.value() as string[]);
  return field;
};
