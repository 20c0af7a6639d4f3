/** Answers that wait beyond the page's life: only where the page allows it, and quiet where the browser does not. */
import { call } from "./collector.ts";
import { fate } from "./delivery.ts";

export const KEPT = "afterword:";
export const DRAFT = "afterword~";

/** Do something with the storage that the attribute allows; one that is full or forbidden is the same as none. */
function within<T>(attribute: string | null, use: (shelf: Storage) => T): T | undefined {
  try {
    if (attribute != null) return use(attribute == "session" ? sessionStorage : localStorage);
  } catch {
    // The answer stays in memory.
  }
  return;
}

/** Keep something under a key, or drop it where nothing is left. */
export const keep = (attribute: string | null, key: string, kept: unknown): void =>
  within(attribute, (shelf) => (kept ? shelf.setItem(key, JSON.stringify(kept)) : shelf.removeItem(key)));

/** What an earlier page kept under a key. */
export const kept = (attribute: string | null, key: string) =>
  within(attribute, (shelf) => JSON.parse(shelf.getItem(key)!));

/** Send what earlier pages of this site had to keep; what else lies there, under whatever name, is passed over. */
export const resend = (attribute: string | null): void =>
  within(attribute, (shelf) => Object.keys(shelf).forEach(async (key) => {
    const entry = key.startsWith(KEPT) && kept(attribute, key);
    const id = entry?.[1]?.response_id;
    if (id && fate(await call(entry[0], entry[1]), id)) shelf.removeItem(key);
  }));
