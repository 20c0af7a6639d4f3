/** The whole style sheet, for the one-file script. */
import more from "./extras.css";
import list from "./list.css";
import css from "./style.css";

export const styles = [css, list + more];
