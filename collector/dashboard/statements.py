"""What the verdicts of all journeys state, in the order in which somebody should hear it, and what was compared.

The same statements stand on the desk, on an owner's page, on a touchpoint's and on the journey's own: one engine
makes them (``kpis.verdicts``).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from collector import journeys
from collector.dashboard.board_page import all_touchpoints, steps_of
from collector.dashboard.period import Period
from collector.journeys import Journey, Touchpoint
from collector.kpis import Verdict, verdicts
from collector.statistics import Compared


@dataclass(frozen=True)
class Statement:
    """One verdict of one journey; ``of`` and ``against`` are the touchpoints' names (``against`` empty: all others)."""

    journey: Journey
    verdict: Verdict
    of: str
    against: str

    @property
    def touchpoints(self) -> set[str]:
        """The touchpoints that it names."""
        subject = self.verdict.subject
        return {self.verdict.touchpoint, subject.against.get("touchpoint", self.verdict.touchpoint)}


@dataclass(frozen=True)
class Stated:
    """The falls that hold, the largest first, and all that was compared to find them."""

    statements: tuple[Statement, ...]
    compared: tuple[Compared, ...]


def about_owners(
    session: Session, workspace_id: uuid.UUID, period: Period, owners: Collection[str]
) -> Stated:
    """What names one of these stakeholders, in the journeys that they stand in."""
    every = all_touchpoints(session, workspace_id)
    mine = {key for key, each in every.items() if not set(owners).isdisjoint(each.owners)}
    found = _of(session, workspace_id, period, every, mine)
    named = [each for each in found.statements if not set(owners).isdisjoint(each.verdict.subject.owners)]
    return Stated(tuple(named), found.compared)


def about_touchpoint(session: Session, workspace_id: uuid.UUID, period: Period, key: str) -> Stated:
    """What names a touchpoint."""
    every = all_touchpoints(session, workspace_id)
    found = _of(session, workspace_id, period, every, {key})
    return Stated(tuple(each for each in found.statements if key in each.touchpoints), found.compared)


def _of(
    session: Session,
    workspace_id: uuid.UUID,
    period: Period,
    every: Mapping[str, Touchpoint],
    touchpoints: Collection[str],
) -> Stated:
    """All that is stated of the journeys in which some of the touchpoints stand."""
    used = [
        journey
        for journey in journeys.list_journeys(session, workspace_id, limit=500).items
        if not set(touchpoints).isdisjoint(journey.touchpoints)
    ]
    steps = {journey.key: steps_of(journey, every) for journey in used}
    named = {journey.key: journey.metric for journey in used}
    judged = verdicts.of_journeys(session, workspace_id, period.window, steps, named) if used else {}
    names = {key: each.label for key, each in every.items()}
    found = [
        Statement(
            journey,
            verdict,
            names.get(verdict.touchpoint, ""),
            names.get(verdict.subject.against.get("touchpoint", ""), ""),
        )
        for journey in used
        for verdict in judged[journey.key].verdicts
        if verdict.falls
    ]
    found.sort(key=lambda each: each.verdict.part)
    compared = [each for stated in judged.values() for each in stated.compared]
    return Stated(tuple(found), tuple(together(compared)))


def together(compared: Sequence[Compared]) -> Iterable[Compared]:
    """What was compared in several journeys, by kind."""
    for kind in dict.fromkeys(each.kind for each in compared):
        same = [each for each in compared if each.kind == kind and each.comparisons]
        if same:
            yield Compared(kind, sum(each.comparisons for each in same), min(each.n_least for each in same))
