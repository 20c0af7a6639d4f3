/** Answers that wait beyond the page's life: only where the page allows it, and quiet where the browser does not. */
import { call, passing } from "./collector.ts";

const PREFIX = "afterword:";

/** Do something with the storage that the attribute allows; one that is full or forbidden is the same as none. */
function within(attribute: string | null, use: (shelf: Storage) => void): void {
  try {
    if (attribute != null) use(attribute == "session" ? sessionStorage : localStorage);
  } catch {
    // The answer stays in memory.
  }
}

/** Keep what is not yet delivered, or drop it where nothing is left. */
export const keep = (attribute: string | null, url: string, id: string, message: object | false): void =>
  within(attribute, (shelf) => {
    if (message) shelf.setItem(PREFIX + id, JSON.stringify([url, message]));
    else shelf.removeItem(PREFIX + id);
  });

/** Send what earlier pages of this site had to keep. */
export const resend = (attribute: string | null): void =>
  within(attribute, (shelf) => {
    for (const key of Object.keys(shelf).filter((key) => key.startsWith(PREFIX))) {
      const [url, message] = JSON.parse(shelf.getItem(key)!) as [string, object];
      void call(url, message).then((response) => passing(response) || shelf.removeItem(key));
    }
  });
