"""When somebody was here last: what has come since then is new to them, whichever browser they use."""

from __future__ import annotations

from datetime import datetime, timedelta

from collector.workspaces.models import Person

APART = timedelta(minutes=30)
"""Who has looked at nothing for so long begins another visit."""


def note(person: Person, now: datetime) -> None:
    """Somebody looks at a page: their visit goes on, or another one begins."""
    person.left_at, person.seen_at = last(person, now), now


def last(person: Person, now: datetime) -> datetime | None:
    """When the visit before this one ended; None in somebody's first."""
    if person.seen_at is not None and now - person.seen_at > APART:
        return person.seen_at
    return person.left_at
