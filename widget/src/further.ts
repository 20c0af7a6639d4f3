/** What few surveys need, fetched by the showing part. */
import { call } from "./collector.ts";
import { fate } from "./delivery.ts";
import { h } from "./dom.ts";
import type * as extras from "./extras.ts";
import { choices } from "./kinds/choices.ts";
import { kinds } from "./kinds/index.ts";
import { steps } from "./kinds/scale.ts";
import { fetched } from "./lent_to_show.ts";
import { styles } from "./style.ts";
import type { Question } from "./types.ts";

declare const EXTRAS: string; // the stamp of this build's extras

/** Nothing, where this survey needs none of it, or it cannot be had. */
export async function further(
  base: string, storage: string | null, questions: Question[],
): Promise<Pick<typeof extras, "shelf" | "stand"> | undefined> {
  const common = questions.every(({ kind }) => kinds[kind]);
  return storage == null && common && "popover" in HTMLElement.prototype ? undefined : load(base);
}

/** The extras, with all that they are lent. */
export async function load(base: string): Promise<typeof extras | undefined> {
  const part = await fetched<typeof extras>(base, "extras", EXTRAS);
  part?.take([call, fate, h, choices, steps]);
  Object.assign(kinds, part?.kinds);
  styles[1] = part?.css ?? "";
  return part;
}
