import { h } from "./dom.ts";
import { isEmpty, problems, visible, wording } from "./flow.ts";
import { kinds } from "./kinds/index.ts";
import type { Session } from "./session.ts";
import type { Question } from "./types.ts";

const SETTLE = 400; // milliseconds in which a click on a follow-up may be the tail of a double click on the question before

/**
 * Ask one question after the other: the one just answered stays in sight, locked, above the next.
 * Returns what to do when the page goes: send what was typed or ticked, but no radio that a key only passed over.
 */
export function steps(
  session: Session, body: HTMLElement, preset: string | null, say: (text: string) => void, answered: () => void,
): () => void {
  const { survey: { questions, words }, answers, passed, put } = session;
  let leave = () => {};

  function ask(before?: HTMLElement, byKey?: boolean): void {
    const question = visible(questions, answers).find(({ id }) => !Object.hasOwn(answers, id) && !passed.has(id));
    const none = !Object.keys(answers).length;
    session.over = !question && !none && "answered";
    if (question) show(question, none, before, byKey);
  }

  function show(question: Question, none: boolean, before?: HTMLElement, byKey?: boolean): void {
    const { id, kind } = question;
    const born = Date.now();
    const button = h("button", "send", {}, words.send);

    const change = () => {
      const value = field.value();
      button.hidden = false;
      if (typeof value == "number" && question.min! >= 0) button.textContent = words.send + " " + value;
    };
    const go = (byKey: boolean) => {
      const value = field.value()!;
      const empty = isEmpty(value);
      const given = empty ? {} : { [id]: value };
      // Of a survey at least one question must be answered: an only one cannot be passed.
      const wrong = problems(questions, { ...answers, ...given }, true)[id] || (empty && questions.length < 2);
      if (section.classList.contains("locked")) return;
      if (wrong) return say(words.choose);
      if (empty) passed.add(id);
      Object.assign(answers, given);
      lock(section);
      ask(section, byKey);
      put(given, !!session.over);
      answered();
    };

    const field = kinds[kind].field({
      question, words, text: wording(question, questions, answers), change,
      answer: () => (before && Date.now() - born < SETTLE ? change() : go(false)),
    });
    const section = h("section", "", {}, field.box, button);
    button.hidden = !field.waits;
    button.onclick = ({ detail }) => go(!detail);
    section.onkeydown = (event) => {
      const { key, target, isComposing } = event;
      if (key != "Enter" || isComposing || target == button || target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      go(true);
    };
    leave = () => field.waits && !isEmpty(field.value()) && go(false);
    body.replaceChildren(...(before ? [before] : []), section);
    if (preset && none) {
      field.set(preset);
      if (!isEmpty(field.value())) change();
    }
    if (byKey) section.querySelector<HTMLElement>("input,textarea")!.focus();
  }

  ask();
  return () => leave();
}

/** Show that an answer stands: the chosen input keeps its place and the focus, everything else lets go. */
function lock(section: HTMLElement): void {
  section.classList.add("locked");
  for (const input of section.querySelectorAll<HTMLInputElement>("input,textarea")) {
    if (input.className) input.readOnly = true;
    else input.disabled = !input.checked;
  }
}
