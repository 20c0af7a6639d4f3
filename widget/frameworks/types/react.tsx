/** What React's JSX must take, and what it must not. */
import type {} from "../../types/react.js";

export const right = (
  <afterword-survey token="abc" mode="popover" delay={3} after-scroll={50} publishable-key="aw_pk_1" className="survey" ref={(element) => void element?.id} />
);
// @ts-expect-error: there is no such mode
export const wrong = <afterword-survey token="abc" mode="window" />;
