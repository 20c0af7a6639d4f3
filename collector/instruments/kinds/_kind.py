"""What every question kind can say about itself and about an answer."""

from typing import Protocol

from collector.instruments.question import Answer, Question


class Kind(Protocol):
    """A question kind: pure, without state, the same in Python and in the widget."""

    @property
    def key(self) -> str:
        """The kind's name on the wire, and its file's name."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics its scores may count for, one per question; () where they are counted for themselves only."""

    @property
    def scale(self) -> range | None:
        """The whole numbers an answer or its score may be, or None where there is no score."""

    @property
    def ranged(self) -> bool:
        """Whether the question writes out its scale (`min`, `max`)."""

    @property
    def endpoints(self) -> bool:
        """Whether the wording names the two ends of the scale (`low`, `high`)."""

    @property
    def labels(self) -> int:
        """How many `labels` the wording holds, one per point of the scale; 0 for none."""

    @property
    def options(self) -> tuple[str, ...] | None:
        """The option keys: fixed ones, () where the question names its own, None for no options."""

    @property
    def max_length(self) -> int | None:
        """The most code points of a text where the question does not say, None for no text."""

    def check(self, question: Question, answer: Answer) -> str | None:
        """Say why the answer is refused (a code of docs/reference/templates.md), or None if it is good."""

    def is_empty(self, answer: Answer) -> bool:
        """Whether a good answer says nothing, and so does not count as given where one is required."""

    def normalise(self, question: Question, answer: Answer) -> Answer:
        """Return the form in which a good answer is stored, the same for answers that mean the same."""

    def score(self, question: Question, answer: Answer) -> int | None:
        """Return the number a good answer counts as, or None where the kind has none."""

    def band(self, score: int) -> str | None:
        """Name the band of the scale a score lies in, or None where the kind has none."""
