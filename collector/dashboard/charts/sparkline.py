"""A trend the size of a word."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from collector.dashboard.charts import svg
from collector.dashboard.charts.scale import Scale

HEIGHT, AIR = 28.0, 4.0


def sparkline(
    values: Sequence[float | None], scale: Scale, label: str, pain: bool = False, mirror: bool = False
) -> Markup:
    """A line through the values, broken where there is none; a dot marks the newest value.

    A value with no neighbour is a dot of its own: a line of length 0 would be invisible.
    """
    last = max(1, len(values) - 1)

    def at(index: int, value: float) -> svg.Point:
        x = 0.03 + 0.94 * index / last
        return (1 - x if mirror else x, scale.y(value, AIR, HEIGHT - AIR))

    points = [None if value is None else at(i, value) for i, value in enumerate(values)]
    lines, dots = [], []
    for run in svg.runs(points):
        stretch = [point for i in run if (point := points[i]) is not None]
        if len(stretch) > 1:
            lines.append(svg.path(stretch, "line"))
        else:
            dots.append(_dot(stretch[0], "speck", 1.5))
    newest = next((point for point in reversed(points) if point is not None), None)
    if newest is not None:
        dots.append(_dot(newest, "dot", 2.75))
    kind = "sparkline pain" if pain else "sparkline"
    return svg.drawing(HEIGHT, label, svg.stretched(HEIGHT, *lines), *dots, kind=kind)


def _dot(point: svg.Point, kind: str, radius: float) -> Markup:
    return svg.element("circle", cx=svg.percent(point[0]), cy=point[1], r=radius, class_=kind)
