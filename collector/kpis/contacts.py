"""Who leaves self-service for people, and who must come back to people for the same: from the visits along a journey.

A way leaks where it begins in self-service and meets people later. A contact is resolved where nobody of the same way
comes back to the same people within ``AGAIN``; whether that time has passed is asked first, or the newest would do too well.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from collector import journeys
from collector.kpis import paths, walks
from collector.statistics import Share, share, too_few

AGAIN = timedelta(days=7)
MOST = 1000
"""About so many ways are read, evenly over the period."""
SELF, PEOPLE = "self", "people"
NOTHING = share(0, 0)


@dataclass(frozen=True)
class Contacts:
    """Of ``n`` of ``all`` ways: who left self-service, and per touchpoint with people who did not have to come back."""

    all: int
    n: int
    leaked: Share
    resolved: Mapping[str, Share]


def contacts(
    session: Session, workspace_id: uuid.UUID, journey: str, since: datetime, until: datetime, now: datetime
) -> Contacts:
    """Of the ways that began in a period; raises 404 for a journey that is not here."""
    facts = journeys.get(session, workspace_id, journey)
    chosen = walks.evenly(session, workspace_id, journey, since, until, MOST)
    found = list(walks.read(session, workspace_id, journey, chosen.ids))
    served = _served(session, workspace_id, facts)
    over = paths.judged(found, timedelta(days=facts.abandoned_after_days), now)
    return Contacts(chosen.all, len(found), leaked(over, served), resolved(found, served, now))


def leaked(instances: Iterable[paths.Instance], served: Mapping[str, str]) -> Share:
    """Of the ways that begin in self-service, those that meet people later; none under five."""
    begun = [[served.get(visit.step) for visit in instance] for instance in instances if instance]
    begun = [each for each in begun if each[0] == SELF]
    return _shown(sum(PEOPLE in each for each in begun), len(begun))


def resolved(
    instances: Iterable[paths.Instance], served: Mapping[str, str], now: datetime
) -> dict[str, Share]:
    """Touchpoint with people -> the ways whose first contact there was the last for ``AGAIN``, of those that had the time."""
    met: Counter[str] = Counter()
    again: Counter[str] = Counter()
    for instance in instances:
        for step, times in _times(instance).items():
            if served.get(step) == PEOPLE and now - times[0] >= AGAIN:
                met[step] += 1
                again[step] += any(times[0] < at <= times[0] + AGAIN for at in times)
    return {step: _shown(n - again[step], n) for step, n in met.items()}


def _shown(count: int, base: int) -> Share:
    return NOTHING if too_few(base) else share(count, base)


def _times(instance: paths.Instance) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for visit in instance:
        found.setdefault(visit.step, []).append(visit.at)
    return found


def _served(session: Session, workspace_id: uuid.UUID, journey: journeys.Journey) -> dict[str, str]:
    """Touchpoint -> whether customers serve themselves there, or people serve them."""
    steps: Sequence[journeys.MapStep] = journeys.steps(session, workspace_id, journey)
    places = (step.touchpoint for step in steps if step.touchpoint)
    return {place.key: journeys.BY_KEY[place.channel].served for place in places}
