import { call } from "./collector.ts";
import { outbox, type Fate, type Put } from "./delivery.ts";
import { kinds } from "./kinds/index.ts";
import { DRAFT, keep, KEPT, kept } from "./store.ts";
import type { Answers, Survey } from "./types.ts";

/** One asking of one survey in this page; it outlives the element, which a client-side navigation may make anew. */
export interface Session {
  survey: Survey;
  answers: Answers;
  /** Optional questions that were left empty. */
  passed: Set<string>;
  seen: boolean;
  /** Nothing more will be asked. */
  over: false | "answered" | "dismissed";
  put: Put;
  /** Keep what is being typed, where the page allows it. */
  draft(answers: Answers): void;
  /** What an earlier page kept so. */
  drafted: Answers | undefined;
  /** Called when an attempt to deliver has ended. */
  settled: (fate: Fate) => void;
  /** Tell the collector what happened to the survey, not to the answers. */
  tell(event: "shown" | "dismissed" | "abandoned"): void;
}

declare const VERSION: string;

const sessions = new Map<string, Session>();

/** The session behind this source, if there is anything to ask: after an answer anew, after a dismissal no more. */
export async function open(base: string, query: URLSearchParams, element: Element): Promise<Session | undefined> {
  const url = base + "w/v1/survey?" + query;
  const known = sessions.get(url);
  if (known && known.over != "answered") return known;
  const survey = (await call(url))[1] as Survey | undefined;
  // A question of a kind that is newer than this script is left to the next script.
  if (!survey?.questions?.every(({ kind }) => kinds[kind])) return;
  const session = begin(base, survey, element, query.has("key"));
  sessions.set(url, session);
  return session;
}

function begin(base: string, survey: Survey, element: Element, volunteered: boolean): Session {
  const { token, locale, dir, answered } = survey;
  const storage = element.getAttribute("storage");
  // Without an earlier response its id is the invitation's: a second tab, a reload or a retry joins the same one.
  const id = answered?.response_id ?? survey.invitation_id;
  const url = base + "w/v1/responses";
  const where = {
    token,
    mode: element.getAttribute("mode") || "inline",
    viewport: innerWidth < 480 ? "narrow" : "wide",
  };
  const envelope = {
    ...where, response_id: id, locale, layout: "horizontal", dir, widget: VERSION,
    ...(volunteered && { context: { element: element.getAttribute("element"), url: location.pathname } }),
  };
  const session: Session = {
    survey,
    answers: { __proto__: null, ...answered?.answers } as unknown as Answers,
    passed: new Set(),
    seen: false,
    over: false,
    settled() {},
    put: outbox(url, envelope, (message) => {
      keep(storage, KEPT + id, message && [url, message]);
      keep(storage, DRAFT + id, false);
    }, (fate) => session.settled(fate)),
    draft: (answers) => keep(storage, DRAFT + id, answers),
    drafted: kept(storage, DRAFT + id) as Answers | undefined,
    tell: (event) => void call(base + "w/v1/events", { ...where, event }),
  };
  return session;
}
