/** Types of the custom element `<afterword-survey>`; importing the package defines it. */

export type Value = number | string | string[];

/** What every event says. */
export interface AfterwordDetail {
  touchpoint: string;
  /** The answers so far, by question id. */
  answers: Record<string, Value>;
  /** Whether all is answered. */
  complete: boolean;
}

export type AfterwordEvent = CustomEvent<AfterwordDetail>;

/** The element's attributes, as markup and frameworks write them. */
export interface AfterwordAttributes {
  token?: string;
  customer?: string;
  key?: string;
  "publishable-key"?: string;
  touchpoint?: string;
  element?: string;
  mode?: "inline" | "popover" | "sheet" | "tab";
  locale?: string;
  /** Seconds to wait. */
  delay?: number | string;
  /** Percent of the page to have been in view. */
  "after-scroll"?: number | string;
  "on-exit"?: boolean | "";
  /** The answer chosen beforehand, still to be sent. */
  score?: number | string;
  storage?: "" | "local" | "session";
  collector?: string;
}

export interface AfterwordSurveyElement extends HTMLElement {
  /** With `mode="tab"`, once the button stands. */
  readonly state?: "closed" | "open";
  open?(): void;
  close?(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "afterword-survey": AfterwordSurveyElement;
  }
  interface HTMLElementEventMap {
    "afterword:shown": AfterwordEvent;
    "afterword:answered": AfterwordEvent;
    "afterword:dismissed": AfterwordEvent;
    "afterword:later": AfterwordEvent;
  }
}
