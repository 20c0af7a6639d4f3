/** What a question kind is: a field that takes an answer, and can take no wrong one. */
import type { Question, Survey, Value } from "../types.ts";

export interface Field {
  box: HTMLElement;
  /** What the person has entered so far; nothing where nothing is chosen. */
  value(): Value | undefined;
  /** Enter what was chosen or typed before. */
  set(value: unknown): void;
  /** Only the button answers: text and several choices have no one click that ends them. */
  waits?: boolean;
  /** Whether what was entered does not do yet: too few choices, or too many. */
  lacks?(): boolean;
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

export type Kind = (asking: Asking) => Field;
