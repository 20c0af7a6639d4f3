/** The showing part as a module of its own: what the asking part calls by these names. */
export { load } from "./further.ts";
export { take } from "./lent_to_show.ts";
export { panel } from "./panel.ts";
export { begin } from "./session.ts";
