/** One of several options. */
import { choices, type Choice } from "./choices.ts";
import type { Asking, Kind } from "./kind.ts";

export const options = ({ question }: Asking): Choice[] =>
  question.options!.map(({ key, label }) => ({ value: key, face: label }));

export const singleChoice: Kind = (asking) => choices(asking, "list", options(asking));
