/** The wire as docs/reference/wire.md gives it: what the collector sends, what an answer may be. */

export type Value = number | string | string[];
export type Answers = Record<string, Value>;

export interface Option {
  key: string;
  label: string;
}

/** Holds when the named earlier question was answered within [from, to], or with one of the keys. */
export interface Condition {
  question: string;
  from?: number;
  to?: number;
  in?: string[];
}

export type KindName =
  | "nps"
  | "csat"
  | "ces"
  | "likert5"
  | "likert7"
  | "stars"
  | "thumbs"
  | "emotion"
  | "goal"
  | "single_choice"
  | "multiple_choice"
  | "short_text"
  | "comment";

export interface Question {
  id: string;
  kind: KindName;
  text: string;
  required?: boolean;
  show_if?: Condition | null;
  min?: number;
  max?: number;
  low?: string;
  high?: string;
  labels?: string[];
  options?: Option[];
  min_choices?: number;
  max_choices?: number;
  max_length?: number;
  prompts?: (Condition & { text: string })[];
}

export type Word =
  | "send" | "close" | "thanks" | "thanks_more" | "optional" | "of" | "error" | "retry" | "choose" | "sent" | "change" | "later";

export interface Survey {
  token: string;
  invitation_id: string;
  survey: { key: string; version: number; series: string };
  touchpoint: string;
  locale: string;
  dir: "ltr" | "rtl";
  questions: Question[];
  words: Record<Word, string>;
  footnote?: string | null;
  /** What may be offered beside the questions: parts by name. */
  offers?: string[];
  join?: { url: string; text: string };
  answered?: { response_id: string | null; answers: Answers } | null;
}
