"""A figure over time, with its interval as a band, gaps as gaps, and a mark where the series breaks."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collector.dashboard.charts import svg
from collector.dashboard.charts.scale import Scale

HEIGHT, TOP, BOTTOM = 240.0, 26.0, 208.0
FIRST, LAST = 0.08, 0.98  # the ticks are written in the free strip before the first point


@dataclass(frozen=True)
class TrendPoint:
    """One stretch of time: its label under the axis, and the figure with its interval; None where nobody answered."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    text: str = ""
    limits: tuple[float, float] | None = None


@dataclass(frozen=True)
class SeriesBreak:
    """Before the point at ``index`` the question changed: what stands left and right is not comparable."""

    index: int
    label: str


@dataclass(frozen=True)
class Pin:
    """In the stretch at ``index`` something was done; ``label`` says what to those who hover or listen."""

    index: int
    label: str


def trend(
    points: Sequence[TrendPoint],
    scale: Scale,
    ticks: Sequence[tuple[float, str]],
    label: str,
    breaks: Sequence[SeriesBreak] = (),
    mirror: bool = False,
    pins: Sequence[Pin] = (),
) -> Markup:
    """The line never crosses a gap or a break; hovering a point shows its text (the table has them all)."""
    xs = _positions(len(points), mirror)
    pieces = _pieces(points, breaks)
    layer = svg.stretched(
        HEIGHT,
        *_grid(ticks, scale),
        *_bands(points, xs, pieces, scale),
        *_limits(points, xs, scale),
        *_lines(points, xs, pieces, scale),
    )
    return svg.drawing(
        HEIGHT,
        label,
        layer,
        *_break_marks(breaks, xs),
        *_pin_marks(pins, xs),
        *_tick_words(ticks, scale, mirror),
        *_whiskers(points, xs, pieces, scale),
        *_dots(points, xs, scale),
        *_dates(points, xs),
        kind="trend",
    )


def _positions(count: int, mirror: bool) -> list[float]:
    last = max(1, count - 1)
    xs = [FIRST + (LAST - FIRST) * index / last for index in range(count)]
    return [1 - x for x in xs] if mirror else xs


def _pieces(points: Sequence[TrendPoint], breaks: Sequence[SeriesBreak]) -> list[range]:
    """The stretches over which a line may be drawn: whole runs, cut at each break; some are a single point."""
    cuts = {mark.index for mark in breaks}
    pieces: list[range] = []
    for run in svg.runs([point.value for point in points]):
        edges = [run.start, *sorted(cut for cut in cuts if run.start < cut < run.stop), run.stop]
        pieces += [range(start, stop) for start, stop in itertools.pairwise(edges)]
    return pieces


def _y(scale: Scale, value: float) -> float:
    return scale.y(value, TOP, BOTTOM)


def _grid(ticks: Sequence[tuple[float, str]], scale: Scale) -> list[Markup]:
    return [svg.path([(0, _y(scale, tick)), (1, _y(scale, tick))], "grid") for tick, _ in ticks]


def _tick_words(ticks: Sequence[tuple[float, str]], scale: Scale, mirror: bool) -> list[Markup]:
    edge = "100%" if mirror else "0%"
    return [svg.words(text, edge, _y(scale, tick) - 4, "tick", "start") for tick, text in ticks]


def _bands(points: Sequence[TrendPoint], xs: list[float], pieces: list[range], scale: Scale) -> list[Markup]:
    drawn = []
    for piece in pieces:
        if len(piece) > 1:
            lower = [(xs[i], _y(scale, low)) for i in piece if (low := points[i].low) is not None]
            upper = [(xs[i], _y(scale, high)) for i in piece if (high := points[i].high) is not None]
            drawn.append(svg.band(lower, upper))
    return drawn


def _limits(points: Sequence[TrendPoint], xs: list[float], scale: Scale) -> list[Markup]:
    """The control limits as two dashed lines, where the points have them."""
    limited = [(x, point.limits) for x, point in zip(xs, points, strict=True) if point.limits]
    sides = [[(x, _y(scale, limits[side])) for x, limits in limited] for side in (0, 1)]
    return [svg.path(side, "limit") for side in sides if len(side) > 1]


def _lines(points: Sequence[TrendPoint], xs: list[float], pieces: list[range], scale: Scale) -> list[Markup]:
    return [
        svg.path([(xs[i], _y(scale, value)) for i in piece if (value := points[i].value) is not None], "line")
        for piece in pieces
        if len(piece) > 1
    ]


def _whiskers(
    points: Sequence[TrendPoint], xs: list[float], pieces: list[range], scale: Scale
) -> list[Markup]:
    """The intervals of points that stand alone: a band would have no width there."""
    alone = [(xs[piece.start], points[piece.start]) for piece in pieces if len(piece) == 1]
    return [
        svg.element(
            "line",
            x1=svg.percent(x),
            x2=svg.percent(x),
            y1=_y(scale, point.high),
            y2=_y(scale, point.low),
            class_="whisker",
        )
        for x, point in alone
        if point.low is not None and point.high is not None
    ]


def _dots(points: Sequence[TrendPoint], xs: list[float], scale: Scale) -> list[Markup]:
    return [
        svg.element(
            "circle",
            svg.element("title", point.text),
            cx=svg.percent(x),
            cy=_y(scale, point.value),
            r=3.25,
            class_="dot",
        )
        for point, x in zip(points, xs, strict=True)
        if point.value is not None
    ]


def _dates(points: Sequence[TrendPoint], xs: list[float]) -> list[Markup]:
    """First, middle and last: more would collide at 360 pixels."""
    if not points:
        return []
    chosen = sorted({0, (len(points) - 1) // 2, len(points) - 1})
    anchors = {0: "start", len(points) - 1: "end"} if len(points) > 1 else {}
    return [
        svg.words(points[i].label, svg.percent(xs[i]), BOTTOM + 22, "tick", anchors.get(i, "middle"))
        for i in chosen
    ]


def _break_marks(breaks: Sequence[SeriesBreak], xs: list[float]) -> list[Markup]:
    marks = []
    for mark in breaks:
        x = (xs[mark.index] + xs[max(0, mark.index - 1)]) / 2
        line = svg.element("line", x1=svg.percent(x), x2=svg.percent(x), y1=TOP - 8, y2=BOTTOM)
        anchor = "start" if x < 0.3 else "end" if x > 0.7 else "middle"
        marks.append(
            svg.element("g", line, svg.words(mark.label, svg.percent(x), 12, "note", anchor), class_="break")
        )
    return marks


def _pin_marks(pins: Sequence[Pin], xs: list[float]) -> list[Markup]:
    return [
        svg.element(
            "g",
            svg.element("title", pin.label),
            svg.element(
                "line", x1=svg.percent(xs[pin.index]), x2=svg.percent(xs[pin.index]), y1=TOP, y2=BOTTOM
            ),
            svg.element("circle", cx=svg.percent(xs[pin.index]), cy=TOP, r=4),
            class_="pin",
        )
        for pin in pins
    ]
