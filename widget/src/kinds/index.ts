/** The question kinds by their names on the wire; one file each, as on the collector's side. */
import type { KindName } from "../types.ts";
import { ces } from "./ces.ts";
import { comment } from "./comment.ts";
import { csat } from "./csat.ts";
import type { Kind } from "./kind.ts";
import { nps } from "./nps.ts";
import { shortText } from "./short_text.ts";

/** Those that are asked most; the others join them when a survey has one. */
export const kinds: Partial<Record<KindName, Kind>> = { nps, csat, ces, comment, short_text: shortText };
