/** The same for the one-file script, which has at hand what looks closer. */
export { KEPT, within } from "./waiting.ts";
export const waiting = (attribute: string | null): boolean => attribute != null;
