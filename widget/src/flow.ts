/** Which questions are asked, in which words, and which may stay empty; tests/wire/flow.json holds the cases. */
import type { Answers, Condition, Question, Value } from "./types.ts";

/** Whether the answer that a condition names lies in its band or among its keys. */
function holds({ question, from, to, in: keys }: Condition, answers: Answers): boolean {
  const answer = answers[question] as number;
  return keys ? [answer].flat().some((key) => keys.includes(key as unknown as string)) : answer >= from! && answer <= to!;
}

/** The questions to ask, given the answers so far. */
export const visible = (questions: Question[], answers: Answers): Question[] =>
  questions.filter(({ show_if }) => !show_if || holds(show_if, answers));

/** The question's words: those of the first prompt whose band holds, else its own. */
export const wording = ({ prompts, text }: Question, answers: Answers): string =>
  prompts?.find((prompt) => holds(prompt, answers))?.text ?? text;

/** Whether nothing was chosen or typed. */
export const isEmpty = (value: Value | undefined): boolean => (value ?? "") + "" == "";
