/** How far they agree, 1 to 5: drawn as every scale of numbers between two ends is. */
export { nps as likert5 } from "./nps.ts";
