"""Several of the question's own options, each at most once."""

from dataclasses import dataclass, field

from collector.instruments.kinds._option import option_keys
from collector.instruments.question import Answer, Question


@dataclass(frozen=True)
class MultipleChoiceKind:
    """A set of options, between `min_choices` and `max_choices` of them."""

    key: str = "multiple_choice"
    options: tuple[str, ...] = ()
    metrics: tuple[str, ...] = field(default=(), init=False)
    scale: None = field(default=None, init=False)
    ranged: bool = field(default=False, init=False)
    endpoints: bool = field(default=False, init=False)
    labels: int = field(default=0, init=False)
    max_length: None = field(default=None, init=False)

    def check(self, question: Question, answer: Answer) -> str | None:
        """Refuse, in this order: no list of keys, an unknown key, a key twice, too few, too many."""
        if not isinstance(answer, list) or not all(isinstance(key, str) for key in answer):
            return "wrong_type"
        offered = option_keys(question)
        if not set(answer) <= set(offered):
            return "unknown_option"
        if len(set(answer)) < len(answer):
            return "duplicate_option"
        if len(answer) < question.get("min_choices", 0):
            return "too_few"
        return "too_many" if len(answer) > question.get("max_choices", len(offered)) else None

    def is_empty(self, answer: Answer) -> bool:
        """Whether nothing was chosen."""
        return answer == []

    def normalise(self, question: Question, answer: Answer) -> Answer:
        """Return the keys in the order shown, so that the same set is the same answer."""
        return [key for key in option_keys(question) if isinstance(answer, list) and key in answer]

    def score(self, question: Question, answer: Answer) -> int | None:
        """Say None: a set of options has no number."""
        return None

    def band(self, score: int) -> str | None:
        """Say None: a set of options has no scale."""
        return None


KIND = MultipleChoiceKind()
