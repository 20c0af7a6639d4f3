"""Where on a picture somebody would click first. Asked on the hosted page alone: the picture belongs to a run."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from collector.instruments.question import Answer, Question

LONGEST_MS = 86_400_000
_SIDES = ("x", "y")


@dataclass(frozen=True)
class FirstClickKind:
    """A place: ``x`` from the left and ``y`` from the top, each as a part of the picture; ``ms`` until the click, if known."""

    key: str = "first_click"
    metrics: tuple[str, ...] = field(default=(), init=False)
    scale: None = field(default=None, init=False)
    ranged: bool = field(default=False, init=False)
    endpoints: bool = field(default=False, init=False)
    labels: int = field(default=0, init=False)
    options: None = field(default=None, init=False)
    max_length: None = field(default=None, init=False)

    def check(self, question: Question, answer: Answer) -> str | None:
        """Refuse what is no pair of numbers (`true` and `"0.5"` are none), and what lies beside the picture."""
        if not isinstance(answer, dict) or not {*_SIDES} <= answer.keys() <= {*_SIDES, "ms"}:
            return "wrong_type"
        # bool is a subclass of int, hence the exact comparison
        if any(type(answer[side]) not in (int, float) for side in _SIDES):
            return "wrong_type"
        if type(answer.get("ms", 0)) is not int:
            return "wrong_type"
        is_on_it = all(math.isfinite(answer[side]) and 0 <= answer[side] <= 1 for side in _SIDES)
        return None if is_on_it and 0 <= answer.get("ms", 0) <= LONGEST_MS else "out_of_scale"

    def is_empty(self, answer: Answer) -> bool:
        """Say no: every place is an answer."""
        return False

    def normalise(self, question: Question, answer: Answer) -> Answer:
        """Return the place as it is."""
        return answer

    def score(self, question: Question, answer: Answer) -> int | None:
        """Say None: whether it hits is known to the run, which holds the areas."""
        return None

    def band(self, score: int) -> str | None:
        """Say None: a place has no scale."""
        return None


KIND = FirstClickKind()
