"""The company's own colour on the pages its customers see: which text it carries, and how it looks on dark paper.

Contrast is that of WCAG 2.2 (relative luminance, 1 to 21). What can be clicked must stand out from the paper by 3
(success criterion 1.4.11); text on the colour is black or white, whichever stands out more, which is never less than 4.5.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LIGHT, DARK = "#ffffff", "#121212"
"""The paper of browsers, by day and by night."""
LEAST = 3.0
STEPS = 100
HEX = re.compile(r"#[0-9a-f]{6}")


class Accent(NamedTuple):
    """A colour and the text upon it."""

    colour: str
    text: str


def is_colour(text: str) -> bool:
    """Whether it is written as #0a5570 is."""
    return bool(HEX.fullmatch(text))


def is_pale(colour: str) -> bool:
    """Whether buttons of this colour would not stand out from white."""
    return contrast(colour, LIGHT) < LEAST


def on(colour: str, paper: str) -> Accent:
    """The colour as it is used on a paper: itself, or the nearest towards black or white that stands out."""
    towards = "#000000" if _luminance(paper) > 0.5 else "#ffffff"
    mixes = (_mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    seen = next(mix for mix in mixes if contrast(mix, paper) >= LEAST)
    return Accent(seen, max(("#ffffff", "#000000"), key=lambda text: contrast(text, seen)))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
