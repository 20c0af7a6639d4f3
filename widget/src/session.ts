import { call } from "./collector.ts";
import { outbox, type Fate, type Put } from "./delivery.ts";
import { kinds } from "./kinds/index.ts";
import type { stand } from "./stand.ts";
import type { shelf } from "./store.ts";
import { further } from "./further.ts";
import type { Answers, Survey } from "./types.ts";

/** One asking of one survey in this page; it outlives the element, which a client-side navigation may make anew. */
export interface Session {
  survey: Survey;
  /** Where the browser has no top layer: makes what stands in for it. */
  substitute: typeof stand | undefined;
  answers: Answers;
  /** Optional questions that were left empty. */
  passed: Set<string>;
  seen?: boolean;
  /** Nothing more will be asked. */
  over?: false | "answered" | "dismissed";
  put: Put;
  /** Where the page allows it: what the browser keeps. */
  kept: ReturnType<typeof shelf> | undefined;
  /** Called when an attempt to deliver has ended: by then the panel has set it. */
  settled?: (fate: Fate) => void;
  /** Tell the collector what happened to the survey, not to the answers. */
  tell(event: "shown" | "dismissed" | "abandoned" | "later"): undefined;
}

declare const VERSION: string;

/** A session of this survey, unless a question is of a kind that no part has: it is left to the next script. */
export async function begin(
  base: string, survey: Survey, element: Element, mode: string, volunteered: boolean,
): Promise<Session | undefined> {
  const { token, locale, dir, answered, questions } = survey;
  const storage = element.getAttribute("storage");
  const extras = await further(base, storage, questions);
  if (!questions.every(({ kind }) => kinds[kind])) return;
  // Without an earlier response its id is the invitation's: a second tab, a reload or a retry joins the same one.
  const id = answered?.response_id ?? survey.invitation_id;
  const url = base + "w/v1/responses";
  const kept = extras?.shelf(storage, id, url);
  const where = {
    token,
    mode,
    viewport: innerWidth < 480 ? "narrow" : "wide",
  };
  const envelope = {
    ...where, response_id: id, locale, layout: "horizontal", dir, widget: VERSION,
    ...(volunteered && { context: { element: element.getAttribute("element"), url: location.pathname } }),
  };
  const session: Session = {
    survey,
    substitute: extras?.stand,
    answers: { __proto__: null, ...answered?.answers } as unknown as Answers,
    passed: new Set(),
    put: outbox(url, envelope, (message) => kept?.keep(message), (fate) => session.settled!(fate)),
    kept,
    tell(event) {
      void call(base + "w/v1/events", { ...where, event });
    },
  };
  return session;
}
