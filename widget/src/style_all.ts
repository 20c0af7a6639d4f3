/** The whole style sheet, for the one-file script. */
import more from "./extras.css";
import css from "./style.css";

export const styles = [css, more];
