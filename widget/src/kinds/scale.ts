import type { Choice } from "./choices.ts";
import type { Asking } from "./kind.ts";

/** The steps of a numeric scale, lowest first, named like "8 of 10" and by their words; the two ends say what they mean. */
export function steps({ question: { min = 0, max = 10, low, high, labels }, words }: Asking): Choice[] {
  return [...Array(max - min + 1).keys()].map((i) => {
    const face = min + i + "";
    const label = labels?.[i];
    return {
      value: min + i, face, label,
      name: words.of.replace("{value}", face).replace("{max}", max + "") + (label ? " – " + label : ""),
      end: i ? (min + i == max ? high : undefined) : low,
    };
  });
}
