/** The parts of the widget for the script that asks and shows: what few surveys need is fetched there too. */
import { load } from "./further.ts";
import { panel } from "./panel.ts";
import { begin } from "./session.ts";

export const showing = async () => ({ begin, panel });

/** Send what earlier pages of this site had to keep. */
export const resend = async (storage: string | null, base: string): Promise<void> => (await load(base))?.resend(storage);
