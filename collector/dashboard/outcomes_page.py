"""What came of it along one journey: outcomes by score band, amounts and figures of other systems step by step."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from collector import days, journeys
from collector.dashboard.period import Period
from collector.journeys import Journey, MapStep
from collector.kpis import contacts
from collector.outcomes import KpiValue, beside, reading
from collector.statistics import Share

Sum = tuple[str, str, int, float]
"""Kind, unit, how many, and their sum."""


@dataclass(frozen=True)
class Step:
    """What stands beside one step of the customer's lane."""

    at: MapStep
    sums: Sequence[Sum]
    values: Sequence[KpiValue]
    resolved: Share | None


@dataclass(frozen=True)
class OutcomesPage:
    """All that the page shows; ``whole`` are amounts that belong to no single step."""

    journey: Journey
    period: Period
    year: int
    joined: Sequence[reading.Joined]
    lines: Sequence[beside.Line]
    steps: Sequence[Step]
    whole: Sequence[Sum]
    contacts: contacts.Contacts
    names: dict[str, str]

    @property
    def is_empty(self) -> bool:
        return not self.joined and not any(step.values for step in self.steps)


def open_outcomes(
    session: Session, workspace_id: uuid.UUID, key: str, period: Period, now: datetime
) -> OutcomesPage:
    """The page of a journey; raises 404 for one that is not here."""
    journey = journeys.get(session, workspace_id, key)
    steps = [step for step in journeys.steps(session, workspace_id, journey) if step.touchpoint]
    year = days.day_of(now, period.zone).year
    met = contacts.contacts(session, workspace_id, key, *period.bounds, now)
    sums = reading.sums(session, workspace_id, key)
    values = reading.latest_values(session, workspace_id)
    first = {_key(step): step for step in reversed(steps)}
    lane = sorted(first.items(), key=lambda item: item[1].number)
    return OutcomesPage(
        journey=journey,
        period=period,
        year=year,
        joined=reading.summary(session, workspace_id),
        lines=beside.along(session, workspace_id, key, year),
        steps=[Step(step, _sums(sums, at), values.get(at, []), met.resolved.get(at)) for at, step in lane],
        whole=_sums(sums, ""),
        contacts=met,
        names={at: step.label for at, step in lane},
    )


def _sums(sums: dict[tuple[str, str, str], tuple[int, float]], touchpoint: str) -> list[Sum]:
    return [(kind, unit, *told) for (at, kind, unit), told in sorted(sums.items()) if at == touchpoint]


def _key(step: MapStep) -> str:
    assert step.touchpoint is not None
    return step.touchpoint.key
