/**
 * The parts of the widget that come when they are needed, fetched from the collector; the one-file script is built with
 * `parts_here.ts` in the place of this. Each is nothing where it cannot be had.
 */
import { call } from "./collector.ts";
import { dress } from "./dress.ts";
import { fetched } from "./fetched.ts";
import type * as show from "./show.ts";
import { blocked, focus, others, until } from "./sight.ts";

declare const SHOW: string; // the stamp of this build's showing part

/** What shows a survey. */
export async function showing(base: string): Promise<typeof show | undefined> {
  const part = await fetched<typeof show>(base, "show", SHOW);
  part?.take([fetched, call, dress, until, focus, others, blocked]);
  return part;
}

/** An invitation is nearly always shown: what shows it is fetched beside the question. */
export const ahead = (base: string, query: URLSearchParams): void => void (query.has("token") && showing(base));

/** Send what earlier pages of this site had to keep. */
export async function resend(storage: string | null, base: string): Promise<void> {
  (await (await showing(base))?.load(base))?.resend(storage);
}
