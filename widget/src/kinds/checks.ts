/** The rules of an answer, shared by the kinds; tests/wire/kinds.json holds their cases. */
import type { Question } from "../types.ts";
import type { Problem } from "./kind.ts";

/** A whole number on the question's scale. */
export function checkNumber({ min = 0, max = 1 }: Question, value: unknown): Problem | undefined {
  if (!Number.isInteger(value)) return "wrong_type";
  return (value as number) < min || (value as number) > max ? "out_of_scale" : undefined;
}

/** The key of one option. */
export function checkOption({ options }: Question, value: unknown): Problem | undefined {
  if (typeof value != "string") return "wrong_type";
  return options!.some((option) => option.key === value) ? undefined : "unknown_option";
}

/** Distinct keys of as many options as the question allows. */
export function checkOptions(question: Question, value: unknown): Problem | undefined {
  if (!Array.isArray(value)) return "wrong_type";
  const { min_choices = 0, max_choices = 99 } = question;
  const found = value.map((key) => checkOption(question, key));
  if (found.includes("wrong_type")) return "wrong_type";
  if (found.some(Boolean)) return "unknown_option";
  if (new Set(value).size < value.length) return "duplicate_option";
  return value.length < min_choices ? "too_few" : value.length > max_choices ? "too_many" : undefined;
}

/** A text of at most `max_length` code points. */
export function checkText({ max_length = 2000 }: Question, value: unknown): Problem | undefined {
  if (typeof value != "string") return "wrong_type";
  return [...value].length > max_length ? "too_long" : undefined;
}
