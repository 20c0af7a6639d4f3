"""How the answers spread over the scale: one column a score, in the colour of its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collector.dashboard.charts import svg

HEIGHT, TOP, BOTTOM = 180.0, 22.0, 154.0


@dataclass(frozen=True)
class Bar:
    """One score: its ``label`` under the axis, its share (0 to 1), ``text`` above, and the band: bottom, middle, top."""

    label: str
    share: float
    text: str
    band: str


def distribution(bars: Sequence[Bar], label: str, mirror: bool = False) -> Markup:
    """Columns from a common floor; the tallest fills the height, so the shares stand written above each."""
    tallest = max((bar.share for bar in bars), default=0) or 1
    slot = 1 / max(1, len(bars))
    floor = svg.path([(0, BOTTOM), (1, BOTTOM)], "axis")
    columns = [
        _column(bar, (len(bars) - 1 - i if mirror else i) * slot, slot, bar.share / tallest)
        for i, bar in enumerate(bars)
    ]
    return svg.drawing(HEIGHT, label, *columns, svg.stretched(HEIGHT, floor), kind="distribution")


def _column(bar: Bar, left: float, slot: float, height: float) -> Markup:
    top = BOTTOM - height * (BOTTOM - TOP)
    middle = svg.percent(left + slot / 2)
    return svg.element(
        "g",
        svg.element(
            "rect",
            x=svg.percent(left + slot * 0.12),
            y=top,
            width=svg.percent(slot * 0.76),
            height=max(0.0, BOTTOM - top),
        ),
        svg.words(bar.text, middle, top - 6, "value"),
        svg.words(bar.label, middle, BOTTOM + 18, "tick"),
        class_=f"column {bar.band}",
    )
