import { h } from "./dom.ts";
import { isEmpty, problems, visible, wording } from "./flow.ts";
import { kinds } from "./kinds/index.ts";
import type { Field } from "./kinds/kind.ts";
import type { Session } from "./session.ts";
import type { Question, Value } from "./types.ts";

const SETTLE = 400; // milliseconds in which a click on a fresh question may be the tail of a double click

/** Whether only the button answers: text and several choices have no one click that ends them. */
const waits = ({ kind }: Question) => kind == "comment" || kind == "short_text" || kind == "multiple_choice";

/**
 * Ask one question after the other: the one just answered stays in sight, locked, above the next.
 * Returns what to do when the page goes: send what was typed or ticked, but no radio that a key only passed over.
 */
export function steps(
  session: Session, body: HTMLElement, preset: string | null, say: (text: string) => void, answered: () => void,
): () => void {
  const { survey: { questions, words }, answers, passed, put } = session;
  let current: { question: Question; field: Field } | undefined;

  const next = () => visible(questions, answers).find(({ id }) => !Object.hasOwn(answers, id) && !passed.has(id));
  const none = () => !Object.keys(answers).length;
  const wrong = ({ id }: Question, value: Value | undefined) =>
    // Of a survey at least one question must be answered: the only one cannot be passed.
    isEmpty(value) ? questions.length < 2 || problems(questions, answers, true)[id]
      : problems(questions, { ...answers, [id]: value! }, true)[id];

  function submit(question: Question, field: Field, section: HTMLElement, byKey: boolean): void {
    if (current?.field != field) return;
    const { id } = question;
    const value = field.value()!;
    if (wrong(question, value)) return say(words.choose);
    const empty = isEmpty(value);
    if (empty) passed.add(id);
    else answers[id] = value;
    current = undefined;
    lock(section);
    const following = next();
    session.over = !following && !none();
    if (following) ask(following, section, byKey);
    put(empty ? {} : { [id]: value }, session.over);
    answered();
  }

  function ask(question: Question, before?: HTMLElement, byKey?: boolean): void {
    const born = Date.now();
    const button = h("button", "send", {}, words.send);
    button.hidden = !waits(question);
    const change = () => {
      const value = field.value();
      button.hidden = false;
      if (typeof value == "number" && question.min! >= 0) button.textContent = words.send + " " + value;
    };
    const go = (byKey: boolean) => submit(question, field, section, byKey);
    const field = kinds[question.kind].field({
      question, words, text: wording(question, questions, answers), change,
      answer: () => (Date.now() - born < SETTLE ? change() : go(false)),
    });
    const section = h("section", "", {}, field.box, button);
    button.onclick = ({ detail }) => go(!detail);
    section.onkeydown = (event) => {
      const { key, target, isComposing } = event;
      if (key != "Enter" || isComposing || target == button || target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      go(true);
    };
    body.replaceChildren(...(before ? [before] : []), section);
    current = { question, field };
    if (preset) {
      field.set(question.options ? preset : +preset);
      if (!isEmpty(field.value())) change();
      preset = null;
    }
    if (byKey) section.querySelector<HTMLElement>("input,textarea")!.focus();
  }

  const first = next();
  if (first) ask(first);
  return () => {
    const { question, field } = current ?? {};
    const value = field?.value();
    if (question && waits(question) && !isEmpty(value) && !wrong(question, value)) {
      answers[question.id] = value!;
      put({ [question.id]: value! });
    }
  };
}

/** Show that an answer stands: the chosen input keeps its place and the focus, everything else lets go. */
function lock(section: HTMLElement): void {
  section.classList.add("locked");
  for (const input of section.querySelectorAll<HTMLInputElement>("input,textarea")) {
    if (/o/.test(input.type)) input.disabled = !input.checked;
    else input.readOnly = true;
  }
}
