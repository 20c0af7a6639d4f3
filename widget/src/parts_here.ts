/** The parts of the widget where they are all in one file. */
import { panel } from "./panel.ts";
import { begin } from "./session.ts";
import { stand } from "./stand.ts";
import { shelf } from "./store.ts";

export { resend } from "./store.ts";
export const further = async () => ({ shelf, stand });
export const ahead = (_base: string, _query: URLSearchParams): void => {};
export const showing = async () => ({ begin, panel });
