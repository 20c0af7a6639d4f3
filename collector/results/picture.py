"""The verdict as a picture: the interval on its scale, and what it is held against. Plain numbers for the template."""

from __future__ import annotations

from dataclasses import dataclass

from collector.results.judging import Outcome

WIDTH, MARGIN = 600.0, 40.0


@dataclass(frozen=True)
class Picture:
    """Places from left to right: the interval's ends, the estimate, and the line (a threshold, or 0)."""

    low: float
    high: float
    estimate: float
    line: float
    worth: float | None
    width: float = WIDTH


def draw(outcome: Outcome) -> Picture | None:
    """None where there is no interval to show."""
    if outcome.low is None or outcome.high is None or outcome.estimate is None:
        return None
    hypothesis = outcome.hypothesis
    is_gap = hypothesis.kind == "difference"
    line = 0.0 if is_gap else hypothesis.value
    sign = 1 if hypothesis.direction == "above" else -1
    worth = sign * abs(hypothesis.value) if is_gap else None
    marks = [outcome.low, outcome.high, line, *([worth] if worth is not None else [])]
    least, most = min(marks), max(marks)
    span = (most - least) or 1.0

    def place(value: float) -> float:
        return round(MARGIN + (value - least) / span * (WIDTH - 2 * MARGIN), 1)

    return Picture(
        place(outcome.low),
        place(outcome.high),
        place(outcome.estimate),
        place(line),
        place(worth) if worth is not None else None,
    )
