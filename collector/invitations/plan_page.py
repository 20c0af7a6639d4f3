"""A journey's asking plan as a form: a row for each place that asks now, with what its share brings. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from collector import errors, values
from collector.invitations.forecast import MONTH, Forecast
from collector.journeys import END, Asking, Stop, weights

SHARE = "share."
MOST = 100
HEAVIEST = 1_000_000
"""The greatest share that a journey's file may name."""
GOALS = (30, 100)


@dataclass(frozen=True)
class Row:
    """A place that asks: its step's key (``end``: the journey as a whole), its weight, what it would bring alone."""

    key: str
    touchpoint: str
    weight: int
    share: float
    ways: int
    most: float
    rate_is_assumed: bool

    @property
    def answers(self) -> float:
        """Answers a month with this share."""
        return self.most * self.share

    def days_until(self, answers: int) -> int | None:
        """Days until that many answers; None where none comes."""
        return round(answers / self.answers * MONTH) if self.answers else None


@dataclass(frozen=True)
class Place:
    """A touchpoint (or ``end``) that asks now, by the key of the first step that stands there."""

    key: str
    touchpoint: str


def places(stops: Sequence[Stop], asked: set[str], asks_at_end: bool) -> list[Place]:
    """The places that ask now, in the journey's order."""
    found: dict[str, Place] = {}
    for key, touchpoint in stops:
        if touchpoint in asked:
            found.setdefault(touchpoint, Place(key, touchpoint))
    return [*found.values(), *([Place(END, END)] if asks_at_end else [])]


def rows(
    plan: Asking, stops: Sequence[Stop], asked: set[str], asks_at_end: bool, known: Forecast
) -> list[Row]:
    """The places that ask now with the shares that the plan gives them, and the weights that spread them so."""
    shares = _shares(weights(plan, stops, asked, asks_at_end))
    spread = _shares(weights(Asking("spread", plan.shares), stops, asked, asks_at_end))
    found = []
    for place in places(stops, asked, asks_at_end):
        share, weight = shares[place.touchpoint], _weight(spread[place.touchpoint])
        reach = known[place.touchpoint]
        found.append(
            Row(place.key, place.touchpoint, weight, share, reach.ways, reach.answers, reach.rate_is_assumed)
        )
    return found


def read(
    form: Mapping[str, str], before: Asking, asking_now: Sequence[Place], stops: Sequence[Stop]
) -> Asking:
    """The plan that a form asks for; equal shares are none, so that a place that comes has its equal share too.

    Steps that do not ask now keep their shares beside those that do. Raises 422 for what is no share, and where all are 0.
    """
    if form.get("mode") == "end":
        return Asking("end")
    given = {place.key: _share(form, place.key) for place in asking_now}
    if asking_now and not any(given.values()):
        raise errors.BadInput("At least one step must ask.", fields={"shares": ["must not all be 0"]})
    if len(set(given.values())) <= 1:
        return Asking("spread")
    kept = _kept(before, {place.touchpoint for place in asking_now}, stops, sum(given.values()))
    return replace(before, mode="spread", shares={**kept, **given})


def _weight(share: float) -> int:
    """A share as the form's weight; a small one stays one, so that saving a form as it stands silences no step."""
    return max(1, round(share * MOST)) if share else 0


def _kept(before: Asking, here: set[str], stops: Sequence[Stop], total: float) -> dict[str, float]:
    """The shares of steps that do not ask now, to the measure of a form whose weights come to ``total``."""
    places = {**dict(stops), END: END}
    asked = sum(share for key, share in before.shares.items() if places.get(key) in here)
    measure = total / asked if asked else 1.0
    kept = {key: share for key, share in before.shares.items() if key in places and places[key] not in here}
    return {key: min(HEAVIEST, round(share * measure, 6)) for key, share in kept.items()}


def _shares(weighed: Mapping[str, float]) -> dict[str, float]:
    total = sum(weighed.values())
    return {place: weight / total if total else 0.0 for place, weight in weighed.items()}


def _share(form: Mapping[str, str], key: str) -> float:
    number = values.whole(form.get(SHARE + key, "").strip() or "0")
    if number is None or not 0 <= number <= MOST:
        raise errors.BadInput(
            "A share does not fit.", fields={SHARE + key: [f"must be a whole number from 0 to {MOST}"]}
        )
    return float(number)
