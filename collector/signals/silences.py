"""Response rates that have fallen: feeds asks that are a week old to the watch over their touchpoint.

An ask counts as answered where its answer came within that week: so whoever is late counts the same at any time, and a
worker that was away for a while tells nothing else. Asks that were made elsewhere, or brought in by a file, count nowhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from collector import days, db, statements, workspaces
from collector.invitations import Invitation
from collector.signals import raising, rates, settings, walking
from collector.signals.models import AskClock, AskWatch, SignalPlace
from collector.signals.raising import Found
from collector.signals.settings import Wish
from collector.statistics import falls, silences

RULE = "silence"
OVER = timedelta(days=7)
"""What is not answered by then is not answered."""
EVERY, AT_ONCE = timedelta(hours=1), timedelta(days=1)
"""Asks are looked at once an hour, those of a day at once."""
BEFORE = timedelta(days=90)


class Ask(NamedTuple):
    """One ask, as far as it matters here."""

    touchpoint: str
    created_at: datetime
    state: str
    ended_at: datetime | None

    @property
    def is_silent(self) -> bool:
        """Whether it stayed without an answer for a week."""
        answered_at = self.ended_at if self.state == "answered" else None
        return answered_at is None or answered_at > self.created_at + OVER


def begin(session: Session, workspace_id: uuid.UUID, now: datetime) -> None:
    """From now on a workspace's asks are watched; those of before say what is usual."""
    statements.insert_new(session, AskClock(workspace_id=workspace_id, reached=now - OVER))


def are_due(session: Session, now: datetime) -> bool:
    """Whether asks have become old enough anywhere: a look that locks nothing."""
    return session.scalars(_due(now)).first() is not None


def notice(session: Session, now: datetime) -> int:
    """Look at the next day of a workspace's asks; how many workspaces were looked at."""
    db.hold(session, "asks")
    clock = session.scalars(_due(now)).first()
    if clock is None:
        return 0
    since, until = clock.reached, min(clock.reached + AT_ONCE, now - OVER)
    clock.reached = until
    made = (Invitation.created_at > since, Invitation.created_at <= until)
    asks = _asks(session, clock.workspace_id, (Invitation.touchpoint.in_(_known(clock.workspace_id)), *made))
    _feed(session, clock.workspace_id, asks, since, now)
    session.flush()
    return 1


def _due(now: datetime) -> Any:
    late = AskClock.reached <= now - OVER - EVERY
    return select(AskClock).where(late).order_by(AskClock.reached).limit(1)


def _known(workspace_id: uuid.UUID) -> Any:
    """The touchpoints that are watched as a whole: those with an answer."""
    return select(SignalPlace.touchpoint).where(SignalPlace.workspace_id == workspace_id)


def _asks(
    session: Session, workspace_id: uuid.UUID, which: Sequence[ColumnElement[bool]], newest: int | None = None
) -> list[Ask]:
    """Asks of our own that reached a customer, the oldest first; of them the newest only."""
    columns = (Invitation.touchpoint, Invitation.created_at, Invitation.state, Invitation.ended_at)
    query = select(*columns).where(
        Invitation.workspace_id == workspace_id,
        *which,
        Invitation.source == db.constant("solicited"),
        Invitation.trigger_id.is_not(None),
        Invitation.run.is_(None),
        Invitation.asked_at.is_not(None),
        Invitation.state.in_(("open", "answered", "declined")),
    )
    query = query.order_by(Invitation.created_at.desc(), Invitation.invitation_id).limit(newest)
    return [Ask(*row) for row in session.execute(query)][::-1]


def _feed(
    session: Session, workspace_id: uuid.UUID, asks: Sequence[Ask], since: datetime, now: datetime
) -> None:
    zone, wishes = workspaces.facts(session, workspace_id).timezone, settings.of(session, workspace_id)
    watches = _watches(session, workspace_id, asks, since, zone)
    walks = {
        touchpoint: walking.Walking(watch, silences.design, wishes.at(touchpoint).allowed(RULE))
        for touchpoint, watch in watches.items()
    }
    for ask in asks:
        watch = watches[ask.touchpoint]
        watch.last_day = day = days.day_of(ask.created_at, zone)
        if happened := walks[ask.touchpoint].feed(ask.is_silent, day):
            _settle(session, watch, happened, wishes.at(ask.touchpoint), now)
    for walk in walks.values():
        walk.keep()


def _settle(session: Session, watch: AskWatch, happened: str, wish: Wish, now: datetime) -> None:
    if happened == "raised" and wish.wants(RULE):
        raising.keep(session, watch.workspace_id, _found(watch, wish), now)
    elif happened != "raised":
        raising.end(session, watch.workspace_id, RULE, watch.touchpoint, watch.regime, happened, now)


def _watches(
    session: Session, workspace_id: uuid.UUID, asks: Sequence[Ask], since: datetime, zone: str
) -> dict[str, AskWatch]:
    """The watches over the touchpoints of these asks; a new one knows the asks of 90 days before."""
    wanted = {ask.touchpoint for ask in asks}
    query = select(AskWatch).where(AskWatch.workspace_id == workspace_id, AskWatch.touchpoint.in_(wanted))
    found = {row.touchpoint: row for row in session.scalars(db.lock(session, query))}
    for touchpoint in sorted(wanted - set(found)):
        found[touchpoint] = _new(session, workspace_id, touchpoint, since, zone)
    return found


def _new(session: Session, workspace_id: uuid.UUID, touchpoint: str, since: datetime, zone: str) -> AskWatch:
    made = (Invitation.created_at > since - BEFORE, Invitation.created_at <= since)
    here = (Invitation.touchpoint == touchpoint, *made)
    said = _asks(session, workspace_id, here, newest=falls.LONGEST_BASELINE)
    row = AskWatch(
        workspace_id=workspace_id,
        touchpoint=touchpoint,
        began_on=days.day_of(said[0].created_at if said else since, zone),
        told=len(said),
        usual_hits=sum(ask.is_silent for ask in said),
        usual_n=len(said),
    )
    session.add(row)
    session.flush()
    return row


def accept(session: Session, workspace_id: uuid.UUID, touchpoint: str) -> None:
    """Somebody knows of it: what comes from now on is the new usual."""
    query = select(AskWatch).where(AskWatch.workspace_id == workspace_id, AskWatch.touchpoint == touchpoint)
    if watch := session.scalars(db.lock(session, query).execution_options(populate_existing=True)).first():
        walking.accept(watch)
        session.flush()


def _found(watch: AskWatch, wish: Wish) -> Found:
    assert watch.run_since is not None, "a fall has a first ask"
    walk = walking.walk_of(watch)
    facts = {
        "before": rates.figure(_answered(walk.usual)),
        "after": rates.figure(_answered(walk.run)),
        "per_year": wish.allowed(RULE),
    }
    return Found(RULE, watch.touchpoint, watch.touchpoint, watch.run_since, facts, watch.regime)


def _answered(silent: falls.Tally) -> falls.Tally:
    return falls.Tally(silent.n - silent.hits, silent.n)
