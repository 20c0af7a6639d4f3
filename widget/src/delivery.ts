import { call, type Reply } from "./collector.ts";
import type { Answers } from "./types.ts";

/** What became of an attempt. */
export const enum Fate { Waiting, Refused, Stored }

/** Add answers, say that no more will come, or just try again now; `leaving` is the last breath of a page. */
export type Put = (answers?: Answers, complete?: boolean, leaving?: boolean) => void;

/**
 * Stored means that our collector said so, naming our response; refused, that it gave its reason. All else (nothing,
 * a sign-in page, a proxy's 404, too many requests, the collector's own trouble) is worth another try.
 */
export function fate([status, body]: Reply, id: string): Fate {
  // 409: another tab or device was first, or the time for a second thought is over; the earlier answer stands.
  if (body?.response_id == id || (status == 409 && body?.code)) return Fate.Stored;
  return body?.code && status! < 500 && status != 429 ? Fate.Refused : Fate.Waiting;
}

/**
 * Deliver one response, now and again until it is through. Each request carries all that the collector has not
 * acknowledged, so that no order of arrival matters; the response id makes a repetition harmless.
 */
export function outbox(
  url: string, envelope: { response_id: string }, keep: (message: object | false) => void, settled: (fate: Fate) => void,
): Put {
  const pending: Answers = {};
  let complete = false;
  let unsaid = false; // that it is complete has not been acknowledged
  let busy = false;
  let wait = 1000; // milliseconds, doubled up to a minute
  let timer: ReturnType<typeof setTimeout>;

  const message = () => (unsaid || !!Object.keys(pending)[0]) && { ...envelope, answers: pending, complete };

  async function flush(leaving?: boolean): Promise<void> {
    const body = message();
    if (!body || (busy && !leaving)) return;
    clearTimeout(timer);
    const sent = { ...pending };
    busy = true;
    const became = fate(await call(url, body), envelope.response_id);
    busy = false;
    if (became) {
      wait = 1000;
      for (const id in sent) if (pending[id] === sent[id]) delete pending[id];
      unsaid &&= !body.complete;
      keep(message());
      void flush();
    } else timer = setTimeout(flush, (wait = Math.min(wait * 2, 60000)));
    settled(became);
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
