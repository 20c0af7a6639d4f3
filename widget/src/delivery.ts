import { call, passing } from "./collector.ts";
import type { Answers } from "./types.ts";

/** What became of an attempt: stored; waiting to be tried again; refused for good. */
export type Fate = "stored" | "waiting" | "refused";

/** Add answers, say that no more will come, or just try again now; `leaving` is the last breath of a page. */
export type Put = (answers?: Answers, complete?: boolean, leaving?: boolean) => void;

/**
 * Deliver one response, now and again until it is through. Each request carries all that the collector has not
 * acknowledged, so that no order of arrival matters; the response id makes a repetition harmless.
 */
export function outbox(
  url: string, envelope: object, keep: (message: object | false) => void, settled: (fate: Fate) => void,
): Put {
  const pending: Answers = {};
  let complete = false;
  let unsaid = false; // that it is complete has not been acknowledged
  let busy = false;
  let wait = 1000; // milliseconds, doubled up to a minute
  let timer: ReturnType<typeof setTimeout>;

  const message = () => (unsaid || Object.keys(pending).length > 0) && { ...envelope, answers: pending, complete };

  async function flush(leaving?: boolean): Promise<void> {
    const body = message();
    if (!body || (busy && !leaving)) return;
    clearTimeout(timer);
    const sent = { ...pending };
    busy = true;
    const response = await call(url, body);
    busy = false;
    if (passing(response)) {
      timer = setTimeout(flush, (wait = Math.min(wait * 2, 60000)));
      return settled("waiting");
    }
    wait = 1000;
    for (const id in sent) if (pending[id] === sent[id]) delete pending[id];
    unsaid &&= !body.complete;
    keep(message());
    // 409: another tab or device was first, and its answer stands.
    settled(response!.ok || response!.status == 409 ? "stored" : "refused");
    void flush();
  }

  const put: Put = (answers, done, leaving) => {
    Object.assign(pending, answers);
    if (done) unsaid = complete = true;
    keep(message());
    void flush(leaving);
  };
  addEventListener("online", () => put());
  return put;
}
