/** How far they agree, 1 to 7: drawn as every scale of numbers between two ends is. */
export { nps as likert7 } from "./nps.ts";
