/** Which questions are asked, in which words, and what is wrong with the answers; tests/wire/flow.json holds the cases. */
import { kinds } from "./kinds/index.ts";
import type { Problem } from "./kinds/kind.ts";
import type { Answers, Condition, Question } from "./types.ts";

/** Whether the answer that a condition names lies in its band or among its keys. */
function holds({ question, from, to, in: keys }: Condition, sound: Answers): boolean {
  const answer = sound[question];
  if (keys) return [answer].flat().some((key) => keys.includes(key as string));
  return typeof answer == "number" && answer >= from! && answer <= to!;
}

/** The questions that these answers open, and the sound answers among them: a wrong one opens nothing. */
function walk(questions: Question[], answers: Answers): [asked: Question[], sound: Answers] {
  const sound: Answers = Object.create(null);
  const asked = questions.filter((question) => {
    const { id, show_if } = question;
    if (show_if && !holds(show_if, sound)) return false;
    if (Object.hasOwn(answers, id) && !kinds[question.kind].check(question, answers[id])) sound[id] = answers[id]!;
    return true;
  });
  return [asked, sound];
}

/** The questions to ask, given the answers so far. */
export const visible = (questions: Question[], answers: Answers): Question[] => walk(questions, answers)[0];

/** The question's words: those of the first prompt whose band holds, else its own. */
export function wording(question: Question, questions: Question[], answers: Answers): string {
  const sound = walk(questions, answers)[1];
  return question.prompts?.find((prompt) => holds(prompt, sound))?.text ?? question.text;
}

/** What is wrong, by question; `complete` also names what is required and missing. */
export function problems(questions: Question[], answers: Answers, complete: boolean): Record<string, Problem> {
  const found: Record<string, Problem> = Object.create(null);
  const asked = visible(questions, answers);
  for (const question of questions) {
    const { id } = question;
    const given = Object.hasOwn(answers, id);
    const problem = asked.includes(question)
      ? (given && kinds[question.kind].check(question, answers[id])) ||
        (complete && question.required && (!given || isEmpty(answers[id])) && "required")
      : given && "not_asked";
    if (problem) found[id] = problem;
  }
  for (const id in answers) if (!questions.some((question) => question.id == id)) found[id] = "unknown_question";
  return found;
}

/** An empty text or list counts as no answer. */
export const isEmpty = (value: unknown): boolean => value == null || !String(value).trim();
