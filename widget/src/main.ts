/** The asking part: all that a page needs as long as nothing is to be shown. Or, with its parts in one file, the whole. */
import { define } from "./element.ts";

define();
