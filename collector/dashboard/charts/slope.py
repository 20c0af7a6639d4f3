"""A handover as a slope: the score before, the score after, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from collector.dashboard.charts import svg
from collector.dashboard.charts.scale import Scale

HEIGHT, TOP, BOTTOM = 112.0, 14.0, 98.0
XS = (0.22, 0.78)


@dataclass(frozen=True)
class SlopeEnd:
    """One side of a handover: the figure with its interval, and what is written beside it."""

    value: float
    low: float
    high: float
    text: str


def slope(
    before: SlopeEnd, after: SlopeEnd, scale: Scale, label: str, pain: bool = False, mirror: bool = False
) -> Markup:
    """From before to after in reading direction; the values are written on the outer sides."""
    xs = tuple(reversed(XS)) if mirror else XS
    ends = (before, after)
    ys = [scale.y(end.value, TOP, BOTTOM) for end in ends]
    line = svg.stretched(HEIGHT, svg.path(list(zip(xs, ys, strict=True)), "line"))
    marks = [
        _end(end, x, y, scale, anchor)
        for end, x, y, anchor in zip(ends, xs, ys, ("end", "start"), strict=True)
    ]
    return svg.drawing(HEIGHT, label, line, *marks, kind="slope pain" if pain else "slope")


def _end(end: SlopeEnd, x: float, y: float, scale: Scale, anchor: str) -> Markup:
    at = svg.percent(x)
    outward = -0.07 if x < 0.5 else 0.07
    return svg.element(
        "g",
        svg.element(
            "line",
            x1=at,
            x2=at,
            y1=scale.y(end.high, TOP, BOTTOM),
            y2=scale.y(end.low, TOP, BOTTOM),
            class_="whisker",
        ),
        svg.element("circle", cx=at, cy=y, r=4.5, class_="dot"),
        svg.words(end.text, svg.percent(x + outward), y + 5, "value", anchor),
    )
