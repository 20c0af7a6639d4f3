/**
 * What the asking part lends to the showing part, which is built with this in the place of the files that hold it.
 * The two may be of different builds, for a day after an upgrade: the order is a contract, and grows only at its end.
 */
import type * as collector from "./collector.ts";
import type { dress as Dress } from "./dress.ts";
import type { fetched as Fetched } from "./fetched.ts";
import type * as sight from "./sight.ts";

export type Lent = [
  fetched: typeof Fetched, call: typeof collector.call, dress: typeof Dress, until: typeof sight.until,
  focus: typeof sight.focus, others: typeof sight.others, blocked: typeof sight.blocked,
];

export let [fetched, call, dress, until, focus, others, blocked] = [] as unknown as Lent;

export function take(lent: Lent): void {
  [fetched, call, dress, until, focus, others, blocked] = lent;
}
