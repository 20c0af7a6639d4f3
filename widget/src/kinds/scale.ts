import type { Choice } from "./choices.ts";
import type { Asking } from "./kind.ts";

/** The steps of a numeric scale, lowest first, named like "8 of 10"; the two ends say what they mean. */
export function steps({ question: { min = 0, max = 10, low, high }, words }: Asking): Choice[] {
  return [...Array(max - min + 1).keys()].map((i) => ({
    value: min + i,
    face: min + i + "",
    name: words.of.replace("{value}", min + i + "").replace("{max}", max + ""),
    end: i ? (min + i == max ? high : undefined) : low,
  }));
}
