/** How easy it was, 1 to 7: the numeric scale that NPS has too. */
export { nps as ces } from "./nps.ts";
