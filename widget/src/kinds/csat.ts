/** How satisfied, 1 to 5, each step with its words: the numeric scale that NPS has too. */
export { nps as csat } from "./nps.ts";
