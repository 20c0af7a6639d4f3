"""How often, or how much, by score band: pure. What is published is a sum of whole groups of five.

In each band customers stand in the order in which their outcome came in, and are released five at a time: so the
difference of any two published figures is nobody, or at least five people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.outcomes import kinds
from collector.statistics import SIZE, mean_amount, wilson

WITHIN = timedelta(days=90)
"""What became of a customer later than this after their answer is not put beside it."""


@dataclass(frozen=True)
class Told:
    """An outcome of somebody who had answered: both with their times, and when the outcome came in."""

    person: str
    score: int
    answered_at: datetime
    amount: int
    occurred_at: datetime
    received_at: datetime


@dataclass(frozen=True)
class BandFigure:
    """A share in percent, or a mean per customer, of ``n`` customers; without a value there is nothing to show."""

    band: str
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Person:
    """Somebody's first answer, and what became of them within ``WITHIN`` after it."""

    score: int
    amount: int
    told_at: datetime


def people(found: Iterable[Told], is_flag: bool) -> list[Person]:
    """Each person once, in the order in which what became of them came in: amounts summed up, a yes if any was."""
    by_person: dict[str, list[Told]] = {}
    for each in found:
        by_person.setdefault(each.person, []).append(each)
    made = []
    for told in by_person.values():
        first = min(told, key=lambda each: each.answered_at)
        beside = [each for each in told if each.answered_at == first.answered_at and _is_beside(each)]
        if beside:
            amounts = [each.amount for each in beside]
            amount = max(amounts) if is_flag else sum(amounts)
            made.append(Person(first.score, amount, min(each.received_at for each in beside)))
    return sorted(made, key=lambda person: person.told_at)


def by_band(bands: Mapping[str, Sequence[Person]], is_flag: bool) -> list[BandFigure]:
    """The figure of each band, of those who are released."""
    return [_figure(band, released(found), is_flag) for band, found in bands.items()]


def released(found: Sequence[Person]) -> Sequence[Person]:
    """The first of them, five at a time."""
    return found[: len(found) // SIZE * SIZE]


def is_one_sided(figures: Iterable[BandFigure]) -> bool:
    """Whether only yes was told, or only no: a share of those would say nothing."""
    shares = {figure.value for figure in figures if figure.n}
    return shares <= {100.0} or shares <= {0.0}


def _is_beside(told: Told) -> bool:
    return told.answered_at < told.occurred_at <= told.answered_at + WITHIN


def _figure(band: str, found: Sequence[Person], is_flag: bool) -> BandFigure:
    n = len(found)
    if not n:
        return BandFigure(band, 0)
    if is_flag:
        hits = sum(1 for person in found if person.amount)
        value, bounds = hits / n * 100, wilson(hits, n).scaled(100)
    else:
        value, bounds = mean_amount([kinds.shown(person.amount) for person in found])
    return BandFigure(band, n, value, bounds.low, bounds.high)
