"""The few bricks that all charts are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from markupsafe import Markup, escape

Attribute = str | float | None
Point = tuple[float, float]


def element(name: str, *children: str, **attributes: Attribute) -> Markup:
    """An SVG element; ``class_`` is class, ``text_anchor`` text-anchor; None leaves an attribute out."""
    inside = "".join(map(escape, children))
    opening = "".join(
        f' {_name(key)}="{escape(_text(value))}"' for key, value in attributes.items() if value is not None
    )
    return Markup(f"<{name}{opening}>{inside}</{name}>")


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def drawing(height: float, label: str, *children: str, kind: str, width: float | None = None) -> Markup:
    """A whole chart with its name for screen readers; as wide as its place, or of a fixed width in pixels."""
    return element(
        "svg",
        *children,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"chart {kind}",
        role="img",
        aria_label=label,
        width="100%" if width is None else width,
        height=height,
    )


def stretched(height: float, *children: str) -> Markup:
    """A layer whose x runs from 0 to 1000 over the full width: for paths, which know no percentages.

    Strokes inside must carry ``vector-effect: non-scaling-stroke`` (``charts.css`` sees to it).
    """
    return element(
        "svg",
        *children,
        viewBox=f"0 0 1000 {_text(height)}",
        preserveAspectRatio="none",
        width="100%",
        height=height,
        x=0,
        y=0,
    )


def path(points: Iterable[Point], kind: str, closed: bool = False) -> Markup:
    """A polyline in the stretched layer; x is a share of the width, y is in pixels."""
    steps = " ".join(
        f"{'M' if i == 0 else 'L'}{_text(x * 1000)} {_text(y)}" for i, (x, y) in enumerate(points)
    )
    return element("path", d=steps + (" Z" if closed else ""), class_=kind)


def band(lower: Sequence[Point], upper: Sequence[Point]) -> Markup:
    """The area between two lines over the same x."""
    return path([*upper, *reversed(lower)], "band", closed=True)


def runs(values: Sequence[object | None], least: int = 1) -> list[range]:
    """The stretches of at least ``least`` neighbours that hold a value: a gap is drawn as a gap."""
    found: list[range] = []
    start: int | None = None
    for index, value in enumerate([*values, None]):
        if value is not None and start is None:
            start = index
        if value is None and start is not None:
            found.append(range(start, index))
            start = None
    return [run for run in found if len(run) >= least]


def percent(share: float) -> str:
    """A share of the width as an SVG percentage."""
    return f"{_text(share * 100)}%"


def words(text: str, x: str | float, y: float, kind: str, anchor: str = "middle") -> Markup:
    """A line of text; ``start`` and ``end`` follow the direction of the writing."""
    return element("text", escape(text), x=x, y=y, class_=kind, text_anchor=anchor)


def _text(value: Attribute) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
