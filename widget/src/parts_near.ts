/** The parts of the widget for the script that asks and shows any survey, and never loses an answer: pictures are fetched there. */
import { call } from "./collector.ts";
import { fate } from "./delivery.ts";
import { h } from "./dom.ts";
import type * as extras from "./extras.ts";
import { fetched } from "./fetched.ts";
import { choices } from "./kinds/choices.ts";
import { kinds } from "./kinds/index.ts";
import { plain } from "./kinds/plain.ts";
import { steps } from "./kinds/scale.ts";
import { panel } from "./panel.ts";
import { begin } from "./session.ts";
import { stand } from "./stand.ts";
import { shelf } from "./store.ts";
import { styles } from "./style.ts";
import type { Question } from "./types.ts";

declare const EXTRAS: string; // this build's extras, by their name

export { resend } from "./store.ts";
export const ahead = (_base: string, _query: URLSearchParams): void => {};
export const showing = async () => ({ begin, panel });

/** What a difficult page needs is at hand; rarer kinds come with their pictures, or else in words. */
export async function further(base: string, _storage: string | null, questions: Question[]) {
  if (!questions.every(({ kind }) => kinds[kind])) {
    const part = await fetched<typeof extras>(base, "extras", EXTRAS);
    Object.assign(kinds, plain, part?.kinds);
    if (part) {
      part.take([call, fate, h, choices, steps]);
      styles[1] = part.css;
    }
  }
  return { shelf, stand };
}
