"""The job that notices what somebody is to be told at once: signals, insights and due actions of their own.

Each occasion becomes a row once, whoever looks and however often; so nothing is told twice, and what a worker that died
has not noticed the next one does.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import Session

from collector import changes, days, journeys, looks, signals, statements, workspaces
from collector.digests import rules, wishes
from collector.digests.models import InstantNews, MailWish
from collector.insights import Action
from collector.workspaces import Person, scopes

FRESH = timedelta(days=2)
"""What is older when it is noticed is history."""
PAUSE = timedelta(seconds=45)
"""Between two mails to one person; what comes meanwhile comes together."""
KEPT = timedelta(days=90)
LATE = timedelta(days=7)
"""Who takes up this wish is not told of what has been overdue for long."""


@dataclass(frozen=True)
class Reader:
    """Somebody who wants to be told something at once."""

    wish: MailWish
    person: Person

    def wants(self, kind: str) -> bool:
        return bool(getattr(self.wish, kind) == "at_once")

    def owns(self, owners: Iterable[str]) -> bool:
        return scopes.of(self.person.scope).covers(owners)


@dataclass(frozen=True)
class Found:
    """Something to be told to one reader."""

    reader: Reader
    occasion: str
    kind: str
    key: uuid.UUID


def notice(session: Session, now: datetime) -> int:
    """Look at what is new in each workspace where somebody wants to be told; how much that was."""
    new = 0
    for workspace_id, readers in sorted(_readers(session).items()):
        found = [
            *_signals(session, workspace_id, readers, now),
            *_insights(session, workspace_id, readers, now),
            *_actions(session, workspace_id, readers, now),
        ]
        new += len(statements.insert_new_rows(session, [_row(each, now) for each in found]))
    if new:
        session.execute(delete(InstantNews).where(InstantNews.noticed_at < now - KEPT))
    return new


def are_wanted(session: Session, now: datetime) -> bool:
    """Whether anybody wants to be told anything at once: a look that locks nothing."""
    return looks.found(session, _wanted, now)


def _wanted(_now: datetime) -> Select[uuid.UUID]:
    return select(MailWish.person_id).where(_at_once())


def _at_once() -> ColumnElement[bool]:
    return or_(*(getattr(MailWish, kind) == "at_once" for kind in wishes.KINDS))


def _readers(session: Session) -> dict[uuid.UUID, list[Reader]]:
    same = (Person.workspace_id == MailWish.workspace_id) & (Person.person_id == MailWish.person_id)
    query = select(MailWish, Person).join(Person, same)
    found: dict[uuid.UUID, list[Reader]] = {}
    for wish, person in session.execute(query.where(_at_once(), Person.ended_at.is_(None))):
        found.setdefault(wish.workspace_id, []).append(Reader(wish, person))
    return found


def _signals(
    session: Session, workspace_id: uuid.UUID, readers: Sequence[Reader], now: datetime
) -> Iterator[Found]:
    """Signals at one's own touchpoints, as they are raised."""
    table = signals.Signal
    here = (table.workspace_id == workspace_id, table.state == "open", table.raised_at >= now - FRESH)
    rows = session.scalars(select(table).where(*here)).all()
    owned = journeys.owners_of_all(session, workspace_id) if rows else {}
    for row in rows:
        owners = [owner for at in (row.before, row.touchpoint) if at for owner in owned.get(at, ())]
        for reader in readers:
            if reader.wants("signals") and row.raised_at >= reader.wish.since and reader.owns(owners):
                yield Found(reader, f"signal {row.signal_id}", "signals", row.signal_id)


def _insights(
    session: Session, workspace_id: uuid.UUID, readers: Sequence[Reader], now: datetime
) -> Iterator[Found]:
    """Insights that have become one's own: filed for one's department by somebody else, or handed over to it."""
    wanted = changes.Wanted(noun="insight", since=now - FRESH)
    rows = [row for row in changes.every(session, workspace_id, wanted) if row.verb in {"filed", "edited"}]
    for row in rows:
        before, after = ((side or {}).get("owners", []) for side in (row.before, row.after))
        for reader in readers:
            was_mine = row.verb == "edited" and reader.owns(before)
            is_others = row.actor != reader.person.email and row.at >= reader.wish.since
            if reader.wants("insights") and is_others and reader.owns(after) and not was_mine:
                yield Found(reader, f"insight {row.change_id}", "insights", uuid.UUID(row.key))


def _actions(
    session: Session, workspace_id: uuid.UUID, readers: Sequence[Reader], now: datetime
) -> Iterator[Found]:
    """Actions of one's own on the day before they are due, on the day of their reminder, and once they are overdue."""
    zone = workspaces.facts(session, workspace_id).timezone
    today = days.day_of(now, zone)
    if not rules.is_day(now, zone):
        return
    near = or_(Action.due <= today + timedelta(days=1), Action.remind <= today)
    here = (Action.workspace_id == workspace_id, Action.state == "open", near)
    rows = session.scalars(select(Action).where(*here, Action.due >= today - LATE)).all()
    named = {reader.person.email for reader in readers}
    for row in rows:
        for reader in readers:
            is_theirs = row.person not in named or row.person == reader.person.email
            if reader.wants("actions") and is_theirs and reader.owns([row.owner]):
                yield from (
                    Found(reader, f"action {row.action_id} {what} {day}", "actions", row.action_id)
                    for what, day in _occasions(row, today)
                )


def _occasions(row: Action, today: date) -> Iterator[tuple[str, date]]:
    if row.due < today:
        yield "overdue", row.due
    elif row.due <= today + timedelta(days=1):
        yield "due", row.due
    elif row.remind and row.remind <= today:
        yield "remind", row.remind


def _row(found: Found, now: datetime) -> InstantNews:
    wish = found.reader.wish
    return InstantNews(
        workspace_id=wish.workspace_id,
        person_id=wish.person_id,
        occasion=found.occasion,
        kind=found.kind,
        key=found.key,
        noticed_at=now,
        due_at=max(now, wish.told_at + PAUSE) if wish.told_at else now,
    )
