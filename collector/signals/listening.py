"""When it is time to look for new topics: which touchpoint has enough new comments, and how seldom a look may be wrong.

Whoever groups comments stands above this station; what has been counted here tells it where to look.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from collector import looks
from collector.signals import rates
from collector.signals.models import LEAST_COMMENTS, SignalPlace

RULE = "topic"
DUE = SignalPlace.due_at.is_not(None)


@dataclass(frozen=True)
class Place:
    """A touchpoint to look at: it had so many comments by then, since a day."""

    workspace_id: uuid.UUID
    touchpoint: str
    said: int
    since: date

    def a_year(self, today: date) -> float:
        """Its rate of comments."""
        days = max(rates.FEWEST_DAYS, (today - self.since).days + 1)
        return self.said / days * rates.YEAR

    def between_looks(self, today: date) -> float:
        """New comments between two looks: on busy touchpoints those of half a day."""
        return max(LEAST_COMMENTS, self.a_year(today) / rates.YEAR / 2)

    def looks_a_year(self, today: date) -> float:
        """Over how many looks the false alarms of a year are spent; one at least."""
        return max(1.0, self.a_year(today) / self.between_looks(today))


def are_due(session: Session, now: datetime) -> bool:
    """Whether any touchpoint is to be looked at: a look that locks nothing."""
    return looks.found(session, _due, now)


def next_due(session: Session) -> Place | None:
    """The touchpoint that has been due for longest."""
    row = session.scalars(_due().limit(1)).first()
    if row is None:
        return None
    return Place(row.workspace_id, row.touchpoint, row.said, row.said_since or row.began_on)


def _due(_now: datetime | None = None) -> Select[SignalPlace]:
    return select(SignalPlace).where(DUE).order_by(SignalPlace.due_at)


def looked(session: Session, place: Place, today: date) -> None:
    """It was looked at; the next look waits for so many more comments."""
    here = (SignalPlace.workspace_id == place.workspace_id, SignalPlace.touchpoint == place.touchpoint)
    values = {"looked": place.said, "wait": int(place.between_looks(today)), "due_at": None}
    changed = update(SignalPlace).where(*here).values(values)
    session.execute(changed.execution_options(synchronize_session=False))
