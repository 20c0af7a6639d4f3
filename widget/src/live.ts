/** One survey from its moment to its end: waits, asks the collector, and has the showing part show it. */
import { address, call } from "./collector.ts";
import { fetched } from "./fetched.ts";
import { ahead, resend, showing } from "./parts.ts";
import type { Session } from "./session.ts";
import { source } from "./source.ts";
import { blocked, until } from "./sight.ts";
import { stage } from "./stage.ts";
import type { Addition } from "./addition.ts";
import type { Survey } from "./types.ts";
import { waiting } from "./waiting.ts";

const sessions: Record<string, Session> = {};

/** Run one survey until its end, or until the signal. */
export async function live(element: HTMLElement, root: ShadowRoot, signal: AbortSignal): Promise<void> {
  // A turn of the loop in any case: frameworks set the attributes one by one, some of them after insertion.
  await new Promise((go) => setTimeout(go, +element.getAttribute("delay")! * 1000));
  if (signal.aborted) return;
  const mode = element.getAttribute("mode") || "inline";
  const storage = element.getAttribute("storage");
  const query = source(element);
  const left = waiting(storage);
  const base = (query || left) && address(element.getAttribute("collector"));
  if (!base) return;
  if (left) void resend(storage, base);
  if (!query) return;
  // What is lent goes by position: a contract with a part that may be of another build, as all that the parts share.
  const add = async (name: string, session?: Session) =>
    (await fetched<Addition>(base, name, name + ".js"))?.[name]!(element, root, signal, until, blocked, session);
  if (mode == "tab") return add(mode);
  const leave = await stage(element, mode == "inline", signal);
  const session = await asked(base, query, element, mode);
  if (!session || session.over || signal.aborted) return leave();
  (await showing(base))!.panel(element, root, session, mode, signal, leave);
  session.survey.offers?.map((name) => add(name, session));
}

/** The session behind this source, if there is anything to ask: after an answer anew, after a dismissal no more. */
async function asked(base: string, query: URLSearchParams, element: Element, mode: string): Promise<Session | undefined> {
  const url = base + "w/v1/survey?" + query;
  const known = sessions[url];
  if (known && mode != "open" && known.over != "answered") return known;
  ahead(base, query);
  const survey = (await call(url))[1] as Survey | undefined;
  const session = survey?.questions && (await (await showing(base))?.begin(base, survey, element, mode, query.has("key")));
  if (session) sessions[url] = session;
  return session;
}
