import { h } from "./dom.ts";
import { isEmpty, visible, wording } from "./flow.ts";
import { kinds } from "./kinds/index.ts";
import type { Field } from "./kinds/kind.ts";
import type { Session } from "./session.ts";
import type { Question } from "./types.ts";

const SETTLE = 400; // milliseconds in which a click on a follow-up may be the tail of a double click on the question before
const THOUGHT = 30000; // milliseconds in which a click may be thought over, as long as nothing is sent after it

/**
 * Ask one question after the other: the one just answered stays in sight above the next, a click for a while open to a
 * second thought. Returns what to do when the page goes: send what was typed or ticked, but no radio that a key only
 * passed over; or, where the page is only out of sight, keep it as a draft.
 */
export function steps(
  session: Session, body: HTMLElement, preset: string | null, say: (text: string) => void, answered: () => void,
): (hidden?: boolean) => void {
  const { survey: { questions, words }, answers, passed, put } = session;
  let current: [id: string, field: Field] | undefined;
  let leave: (hidden?: boolean) => void;

  function ask(before?: HTMLElement, byKey?: boolean): void {
    const question = visible(questions, answers).find(({ id }) => !(id in answers || passed.has(id)));
    const none = !Object.keys(answers).length;
    session.over = !question && !none && "answered";
    if (question) show(question, none, before);
    if (byKey) (body.querySelector<HTMLElement>("section:not([class]) :is(input,textarea)") ?? body.parentElement!).focus();
  }

  function show(question: Question, none: boolean, before?: HTMLElement): void {
    const { id, kind } = question;
    const born = Date.now();
    const soon = () => before && Date.now() - born < SETTLE;
    const button = h("button", "send", {}, words.send);

    const change = () => {
      button.hidden = false;
      if (question.min! >= 0) button.textContent = words.send + " " + field.value();
    };
    const go = (byKey?: boolean) => {
      const value = field.value()!;
      const empty = isEmpty(value);
      if (section.className == "locked" || (!empty && value === answers[id])) return;
      // Of a survey at least one question must be answered: an only one cannot be passed.
      if (empty ? question.required || questions.length < 2 : field.lacks?.()) return say(words.choose);
      if (empty) passed.add(id);
      else answers[id] = value;
      button.hidden = true;
      if (before) lock(before);
      if (byKey == undefined) {
        if (words.change) section.append(h("small", "change", {}, words.change));
        section.className = "locked open";
        setTimeout(lock, THOUGHT, section);
      } else lock(section);
      ask(section, byKey);
      put(empty ? {} : { [id]: value }, !!session.over);
      answered();
    };

    const field = kinds[kind]!({
      question, words, text: wording(question, answers), change,
      answer: () => (soon() ? change() : go()),
    });
    const section = h("section", "", {}, field.box, button);
    button.hidden = !field.waits;
    button.onclick = ({ detail }) => go(!detail);
    section.onkeydown = (event) => {
      const { key, keyCode, repeat, target } = event;
      // 229: the Enter that ends a composition, as Safari tells it too.
      if (key != "Enter" || keyCode == 229 || (!repeat && (target == button || (target as HTMLTextAreaElement).rows))) return;
      event.preventDefault();
      if (!repeat && !soon()) go(true);
    };
    leave = (hidden) => {
      const value = field.value()!;
      if (!field.waits || isEmpty(value)) return;
      if (hidden) session.kept?.draft({ [id]: value });
      else go(false);
    };
    body.replaceChildren(before ?? "", section);
    field.set((none && preset) || (current?.[0] == id ? current[1].value() : session.kept?.drafted?.[id]));
    if (!isEmpty(field.value())) change();
    current = [id, field];
  }

  ask();
  return (hidden) => leave(hidden);
}

/** Show that an answer stands: the chosen input keeps its place and the focus, everything else lets go. */
function lock(section: HTMLElement): void {
  section.className = "locked";
  for (const input of section.querySelectorAll<HTMLInputElement>("input,textarea")) input.disabled = !input.checked;
}
