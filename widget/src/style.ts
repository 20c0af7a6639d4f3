import css from "./style.css";

/** The style sheet, and what the kinds that came later add to it. */
export const styles: string[] = [css];
