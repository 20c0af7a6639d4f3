"""One figure on its scale: interval, point and what was expected. Strips under each other compare at a glance."""

from __future__ import annotations

from markupsafe import Markup

from collector.dashboard.charts import svg
from collector.dashboard.charts.scale import Scale

HEIGHT, MIDDLE, INSET = 24.0, 12.0, 0.02


def strip(
    value: float | None,
    low: float | None,
    high: float | None,
    scale: Scale,
    label: str,
    expected: float | None = None,
    reference: float | None = None,
    pain: bool = False,
    mirror: bool = False,
) -> Markup:
    """A dot within its interval; ``expected`` is a hollow diamond, ``reference`` (the journey's mean) a hairline."""

    def x(at: float) -> float:
        share = INSET + (1 - 2 * INSET) * scale.share(at)
        return 1 - share if mirror else share

    parts = [svg.stretched(HEIGHT, svg.path([(0, MIDDLE), (1, MIDDLE)], "rail"))]
    if reference is not None:
        parts.append(_upright(x(reference), "reference"))
    if value is not None and low is not None and high is not None:
        parts.append(_bar(x(low), x(high)))
    if expected is not None:
        parts.append(svg.words("◇", svg.percent(x(expected)), MIDDLE + 5, "expected-mark"))
    if value is not None:
        parts.append(svg.element("circle", cx=svg.percent(x(value)), cy=MIDDLE, r=4.5, class_="dot"))
    return svg.drawing(HEIGHT, label, *parts, kind="strip pain" if pain else "strip")


def _bar(one: float, other: float) -> Markup:
    left, width = min(one, other), abs(one - other)
    return svg.element(
        "rect", x=svg.percent(left), y=MIDDLE - 3, width=svg.percent(width), height=6, rx=3, class_="interval"
    )


def _upright(share: float, kind: str) -> Markup:
    x = svg.percent(share)
    return svg.element("line", x1=x, x2=x, y1=2, y2=HEIGHT - 2, class_=kind)
