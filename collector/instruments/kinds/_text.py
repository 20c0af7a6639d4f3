"""Kinds whose answer is the customer's own words."""

import re
from dataclasses import dataclass, field

from collector.instruments.question import Answer, Question

_LINE_ENDS = re.compile(r"\r\n?")
# C0 without tab and newline, DEL, C1, and lone surrogates: none of them is text, and PostgreSQL refuses the
# first and the last. They are dropped, not refused: a length limit in a browser may cut an emoji in half.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS = re.compile(r"[\t\n]+")


@dataclass(frozen=True)
class TextKind:
    """A free text of at most `max_length` code points, of one line or of several."""

    key: str
    max_length: int
    one_line: bool = False
    metrics: tuple[str, ...] = field(default=(), init=False)
    scale: None = field(default=None, init=False)
    ranged: bool = field(default=False, init=False)
    endpoints: bool = field(default=False, init=False)
    labels: int = field(default=0, init=False)
    options: None = field(default=None, init=False)

    def check(self, question: Question, answer: Answer) -> str | None:
        """Refuse what is no string, and more code points, as sent, than the question allows."""
        if not isinstance(answer, str):
            return "wrong_type"
        return "too_long" if len(answer) > question.get("max_length", self.max_length) else None

    def is_empty(self, answer: Answer) -> bool:
        """Whether nothing is left of the text once it is cleaned."""
        return not isinstance(answer, str) or not self._clean(answer)

    def normalise(self, question: Question, answer: Answer) -> Answer:
        """Return the text trimmed and without control characters."""
        return self._clean(answer) if isinstance(answer, str) else answer

    def score(self, question: Question, answer: Answer) -> int | None:
        """Say None: words are not counted as numbers."""
        return None

    def band(self, score: int) -> str | None:
        """Say None: words have no scale."""
        return None

    def _clean(self, text: str) -> str:
        text = _NO_TEXT.sub("", _LINE_ENDS.sub("\n", text))
        return (_BREAKS.sub(" ", text) if self.one_line else text).strip()
