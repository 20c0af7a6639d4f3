/** What a question kind is: a rule that checks an answer, and a field that takes one. */
import type { Question, Survey, Value } from "../types.ts";

export type Problem =
  | "wrong_type" | "out_of_scale" | "unknown_option" | "duplicate_option" | "too_few" | "too_many" | "too_long"
  | "required" | "not_asked" | "unknown_question";

export interface Field {
  box: HTMLElement;
  /** What the person has entered so far; nothing where nothing is chosen. */
  value(): Value | undefined;
  /** Enter what was chosen before: a preset score. */
  set(value: string): void;
  /** Only the button answers: text and several choices have no one click that ends them. */
  waits: boolean;
}

export interface Asking {
  question: Question;
  /** The question's text, or the prompt that stands for it. */
  text: string;
  words: Survey["words"];
  /** A pointer has chosen: the choice is the answer. */
  answer(): void;
  /** A key has chosen, or a box was ticked: wait for Enter or the button. */
  change(): void;
}

export interface Kind {
  check(question: Question, value: unknown): Problem | undefined;
  field(asking: Asking): Field;
}
