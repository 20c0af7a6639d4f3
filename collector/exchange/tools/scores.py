"""The scores that a column of a tool's file holds: numbers, numbers with a label, or the words of a known scale."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

WHOLE = re.compile(r"-?\d{1,3}([.,]0+)?\Z")
LABELLED = re.compile(r"(\d{1,2})\s*[-–:(=].*|.*[-–:(=]\s*(\d{1,2})\)?", re.DOTALL)
HIGHEST = 10


@dataclass(frozen=True)
class Scores:
    """Text -> score, as far as a text is no number itself. ``steps``: how many the scale of words has, 0 for numbers."""

    all: Sequence[int]
    words: Mapping[str, int] = field(default_factory=dict)
    steps: int = 0


def read(texts: Collection[str]) -> Scores | None:
    """What all of these texts are as scores; None where one of them is none."""
    numbers = {text: _number(text) for text in texts}
    found = [number for number in numbers.values() if number is not None and abs(number) <= HIGHEST]
    if texts and len(found) == len(texts):
        return Scores(
            found,
            {
                text: number
                for text, number in numbers.items()
                if number is not None and not WHOLE.match(text)
            },
        )
    for scale in _scales():
        steps = {text: scale.get(text.strip().rstrip(".").casefold()) for text in texts}
        placed = {text: step for text, step in steps.items() if step is not None}
        if texts and len(placed) == len(texts):
            return Scores(sorted(placed.values()), placed, max(scale.values()))
    return None


def words_of(texts: Collection[str]) -> Mapping[str, int]:
    """Text -> score of what is no number itself; where the texts are no scale together, of labelled numbers alone."""
    together = read(texts)
    if together is not None:
        return together.words
    singly = (read([text]) for text in texts)
    return {text: score for each in singly if each and not each.steps for text, score in each.words.items()}


def _number(text: str) -> int | None:
    if WHOLE.match(text):
        return int(float(text.replace(",", ".")))
    labelled = LABELLED.fullmatch(text) if len(text) <= 60 else None
    return int(labelled[1] or labelled[2]) if labelled else None


@cache
def _scales() -> Sequence[Mapping[str, int]]:
    said = yaml.safe_load((Path(__file__).parent / "words/scales.yaml").read_text("utf-8"))
    return [{word: step for step, words in enumerate(scale, start=1) for word in words} for scale in said]
