"""Kinds whose answer is a whole number on a fixed scale."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from collector.instruments.question import Answer, Question


@dataclass(frozen=True)
class ScaleKind:
    """A rating: a whole number in `scale`, grouped into named `bands`."""

    key: str
    scale: range
    bands: Mapping[str, range]
    metrics: tuple[str, ...] = ()
    ranged: bool = True
    endpoints: bool = False
    labels: int = 0
    options: None = field(default=None, init=False)
    max_length: None = field(default=None, init=False)

    def check(self, question: Question, answer: Answer) -> str | None:
        """Refuse what is not a whole number (`true` and `"9"` are none), and what lies off the scale."""
        # bool is a subclass of int, hence the exact comparison
        if type(answer) is not int:
            return "wrong_type"
        return None if answer in self.scale else "out_of_scale"

    def is_empty(self, answer: Answer) -> bool:
        """Say no: zero is an answer."""
        return False

    def normalise(self, question: Question, answer: Answer) -> Answer:
        """Return the number as it is."""
        return answer

    def score(self, question: Question, answer: Answer) -> int | None:
        """Return the number itself, or None for an answer that is not on the scale."""
        return answer if type(answer) is int and answer in self.scale else None

    def band(self, score: int) -> str | None:
        """Name the band a score lies in."""
        return next((name for name, band in self.bands.items() if score in band), None)
