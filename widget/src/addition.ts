import type { Session } from "./session.ts";
import type * as sight from "./sight.ts";

/** What few pages have: a part with one function of its own name, fetched where a page or a survey asks for it. */
export type Addition = Record<string, (
  element: HTMLElement, root: ShadowRoot, signal: AbortSignal, until: typeof sight.until, blocked: typeof sight.blocked,
  session: Session | undefined,
) => void>;
