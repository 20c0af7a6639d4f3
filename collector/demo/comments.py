"""Comments of invented customers: sentences of ``comments.yaml``, joined by a small grammar and filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from collector import yaml_marks

FILE = Path(__file__).with_name("comments.yaml")
BANDS = {
    "nps": ((7, "bad"), (9, "mixed"), (99, "good")),
    "csat": ((3, "bad"), (4, "mixed"), (99, "good")),
}
"""Metric -> (first score above the band, band)."""

SAYS = {"bad": 0.58, "mixed": 0.24, "good": 0.36}
"""How many of those who answer write something, too."""


@dataclass(frozen=True)
class Facts:
    """What a sentence may be about."""

    tariff: str
    days: int
    minutes: int


@cache
def sentences() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    """theme -> language -> band -> sentences."""
    found = yaml_marks.load(FILE.read_bytes(), FILE.name).value
    assert isinstance(found, dict)
    return found  # type: ignore[return-value]  # the file's shape is held by a test


def band(metric: str, score: int) -> str:
    """Whether somebody with this score complains, shrugs or praises."""
    return next(name for above, name in BANDS[metric] if score < above)


def comment(rng: Random, theme: str, language: str, mood: str, facts: Facts) -> str | None:
    """What somebody writes who feels so about this theme; None where they write nothing."""
    if rng.random() > SAYS[mood]:
        return None
    said = [_pick(rng, theme, language, mood)]
    if rng.random() < 0.22:
        said.append(_pick(rng, theme, language, mood))
    if mood != "mixed" and rng.random() < 0.25:
        said.append(_pick(rng, "any", language, f"{mood}-ending"))
    text = " ".join(dict.fromkeys(said))
    filled = text.format(tariff=facts.tariff, days=facts.days, minutes=facts.minutes)
    return _in_a_hurry(filled) if rng.random() < 0.14 else filled


def _pick(rng: Random, theme: str, language: str, mood: str) -> str:
    by_band = sentences()[theme][language]
    return rng.choice(by_band.get(mood) or sentences()["any"][language]["mixed"])


def _in_a_hurry(text: str) -> str:
    """As people type on a telephone."""
    return text.rstrip(".").lower()
