/** The answers and drafts that wait in the browser's storage. */
import { call } from "./collector.ts";
import { fate } from "./delivery.ts";
import type { Answers } from "./types.ts";
import { KEPT, within } from "./waiting.ts";

const DRAFT = "afterword~";

const kept = (attribute: string | null, key: string) =>
  within(attribute, (shelf) => JSON.parse(shelf.getItem(key)!));

/** What the browser keeps of one response: the message that is not delivered yet, and what is being typed. */
export function shelf(attribute: string | null, id: string, url: string) {
  const set = (key: string, value: unknown): void =>
    within(attribute, (shelf) => (value ? shelf.setItem(key, JSON.stringify(value)) : shelf.removeItem(key)));
  return {
    keep(message: object | false): void {
      set(KEPT + id, message && [url, message]);
      set(DRAFT + id, false);
    },
    draft: (answers: Answers) => set(DRAFT + id, answers),
    drafted: kept(attribute, DRAFT + id) as Answers | undefined,
  };
}

/** Send what earlier pages of this site had to keep; what else lies there, under whatever name, is passed over. */
export const resend = (attribute: string | null): void =>
  within(attribute, (shelf) => Object.keys(shelf).forEach(async (key) => {
    const entry = key.startsWith(KEPT) && kept(attribute, key);
    const id = entry?.[1]?.response_id;
    if (id && fate(await call(entry[0], entry[1]), id)) shelf.removeItem(key);
  }));
