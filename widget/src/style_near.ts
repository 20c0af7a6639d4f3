/** The style sheet with that of lists; rarer kinds add theirs. */
import list from "./list.css";
import css from "./style.css";

export const styles: string[] = [css + list];
