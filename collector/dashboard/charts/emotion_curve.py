"""The emotion curve: what customers said along the journey, over what the team expected.

Measured from customers' answers only. Each step stands on one common scale, the net share of -100 to +100 points (who
was pleased minus who was displeased), with its interval. Where nothing is measured there is a gap: never zero, never a
line drawn across.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collector.dashboard.charts import svg
from collector.dashboard.charts.scale import Scale

HEIGHT, TOP, BOTTOM = 200.0, 24.0, 176.0
FEELING = Scale(-100, 100)


@dataclass(frozen=True)
class CurveStep:
    """One step of the journey: net share with interval, and expectation, all -100 to 100; None where unknown.

    ``text`` is what a reader learns of the point; ``pain`` marks it, ``shown`` is written at the point.
    """

    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    expected: float | None = None
    pain: bool = False
    shown: str = ""


def emotion_curve(
    steps: Sequence[CurveStep],
    label: str,
    ends: tuple[str, str],
    drops: Sequence[tuple[int, int]] = (),
    mirror: bool = False,
) -> Markup:
    """Steps at the middle of equal columns, so that the curve stands over the map's columns at any width.

    ``ends`` names the top and the bottom of the scale; ``drops`` are the handovers to point out, as (step before, step after).
    """
    xs = [_middle(index, len(steps), mirror) for index in range(len(steps))]
    layer = svg.stretched(
        HEIGHT, *_grid(), *_bands(steps, xs), *_expected(steps, xs), *_measured(steps, xs),
        *_drops(steps, xs, drops),
    )  # fmt: skip
    edge = "100%" if mirror else "0%"
    names = [
        svg.words(ends[0], edge, TOP - 8, "tick", "start"),
        svg.words(ends[1], edge, BOTTOM + 18, "tick", "start"),
    ]
    marks = [_mark(step, x) for step, x in zip(steps, xs, strict=True)]
    return svg.drawing(HEIGHT, label, layer, *names, *marks, kind="curve")


def _middle(index: int, count: int, mirror: bool) -> float:
    x = (index + 0.5) / max(1, count)
    return 1 - x if mirror else x


def _y(value: float) -> float:
    return FEELING.y(value, TOP, BOTTOM)


def _grid() -> list[Markup]:
    lines = [svg.path([(0, _y(value)), (1, _y(value))], "grid") for value in (-100, -50, 50, 100)]
    return [*lines, svg.path([(0, _y(0)), (1, _y(0))], "zero")]


def _bands(steps: Sequence[CurveStep], xs: list[float]) -> list[Markup]:
    drawn = []
    for run in svg.runs([step.value for step in steps], least=2):
        lower = [(xs[i], _y(low)) for i in run if (low := steps[i].low) is not None]
        upper = [(xs[i], _y(high)) for i in run if (high := steps[i].high) is not None]
        drawn.append(svg.band(lower, upper))
    return drawn


def _measured(steps: Sequence[CurveStep], xs: list[float]) -> list[Markup]:
    return [
        svg.path([(xs[i], _y(value)) for i in run if (value := steps[i].value) is not None], "line")
        for run in svg.runs([step.value for step in steps], least=2)
    ]


def _expected(steps: Sequence[CurveStep], xs: list[float]) -> list[Markup]:
    return [
        svg.path([(xs[i], _y(value)) for i in run if (value := steps[i].expected) is not None], "expected")
        for run in svg.runs([step.expected for step in steps], least=2)
    ]


def _drops(steps: Sequence[CurveStep], xs: list[float], drops: Sequence[tuple[int, int]]) -> list[Markup]:
    """The worst handover as a line of its own, over the measured one."""
    drawn = []
    for start, end in drops:
        before, after = steps[start].value, steps[end].value
        if before is not None and after is not None:
            drawn.append(svg.path([(xs[start], _y(before)), (xs[end], _y(after))], "drop"))
    return drawn


def _mark(step: CurveStep, x: float) -> Markup:
    at = svg.percent(x)
    title = svg.element("title", step.text)
    parts = [title]
    if step.expected is not None:
        parts.append(svg.words("◇", at, _y(step.expected) + 5, "expected-mark"))
    if step.value is None:
        parts.append(svg.element("line", x1=at, x2=at, y1=_y(0) - 4, y2=_y(0) + 4, class_="nothing"))
    else:
        parts.append(_whisker(step, at))
        parts.append(svg.element("circle", cx=at, cy=_y(step.value), r=5.0, class_="dot"))
        below = step.value < 0 or (step.expected is not None and step.expected > step.value)
        parts.append(svg.words(step.shown, at, _label_y(step, below), "value"))
    return svg.element("g", *parts, class_="step pain" if step.pain else "step")


def _label_y(step: CurveStep, below: bool) -> float:
    value = step.value or 0
    return min(_y(value) + 20, HEIGHT - 4) if below else max(_y(value) - 11, 12)


def _whisker(step: CurveStep, at: str) -> Markup:
    low, high = step.low or 0, step.high or 0
    return svg.element("line", x1=at, x2=at, y1=_y(high), y2=_y(low), class_="whisker")
