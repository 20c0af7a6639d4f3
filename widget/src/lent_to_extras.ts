/** What the showing part lends to the extras, which are built with this in the place of the files that hold it; a contract too. */
import type { call as Call } from "./collector.ts";
import type { fate as Fate } from "./delivery.ts";
import type { h as H } from "./dom.ts";
import type { choices as Choices } from "./kinds/choices.ts";
import type { steps as Steps } from "./kinds/scale.ts";

export type Lent = [call: typeof Call, fate: typeof Fate, h: typeof H, choices: typeof Choices, steps: typeof Steps];

export let [call, fate, h, choices, steps] = [] as unknown as Lent;

export function take(lent: Lent): void {
  [call, fate, h, choices, steps] = lent;
}
