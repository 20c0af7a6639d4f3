"""Kinds whose answer is one of the options shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from collector.instruments.question import Answer, Question


def option_keys(question: Question) -> list[str]:
    """List the option keys of a question, in the order shown."""
    return [option["key"] for option in question.get("options", [])]


@dataclass(frozen=True)
class OptionKind:
    """A choice of exactly one option; fixed and ordered options have a score and a band."""

    key: str
    options: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    scale: range | None = None
    scores: Mapping[str, int] = field(default_factory=dict)
    bands: Mapping[int, str] = field(default_factory=dict)
    ranged: bool = field(default=False, init=False)
    endpoints: bool = field(default=False, init=False)
    labels: int = field(default=0, init=False)
    max_length: None = field(default=None, init=False)

    def check(self, question: Question, answer: Answer) -> str | None:
        """Refuse what is no option key of the question; labels and positions are none."""
        if not isinstance(answer, str):
            return "wrong_type"
        return None if answer in option_keys(question) else "unknown_option"

    def is_empty(self, answer: Answer) -> bool:
        """Say no: a chosen option is an answer."""
        return False

    def normalise(self, question: Question, answer: Answer) -> Answer:
        """Return the key as it is."""
        return answer

    def score(self, question: Question, answer: Answer) -> int | None:
        """Return the option's score, or None where the options have no order."""
        return self.scores.get(answer) if isinstance(answer, str) else None

    def band(self, score: int) -> str | None:
        """Name the band a score stands for."""
        return self.bands.get(score)
