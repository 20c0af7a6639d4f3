"""What an asking plan brings: answers a month at each place, from what came in over the last 90 days.

Of the ways that reached a place, those that the policy let be asked, at the place's share, at its answer rate: of the
asks that are settled, those that were answered. One that may still be answered says nothing yet.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from collector import journeys, surveys
from collector.invitations.models import Decision, Invitation, Trigger
from collector.workspaces import sight

DAYS = 90
MONTH = 30.4
NEWEST = 50_000  # triggers of a workspace that are looked at, so that the page costs the same at any size
ENOUGH = 30  # asks until a place's own answer rate is believed
ASSUMED = 0.2
ANSWERED_WITHIN = timedelta(days=3)
"""How long an ask is waited for before it counts as unanswered: nearly all who answer do so within this."""
ASKED = frozenset({"invited", "scheduled"})
SETTLED = frozenset({"open", "answered", "declined"})
"""States of an invitation that somebody was put before; what was taken back or waits was not."""
DRAWN = frozenset({"other_step", "same_journey_instance", "same_transaction"})
"""Skips that the plan itself makes: another plan would have asked there."""


@dataclass(frozen=True)
class Reach:
    """How many answers a month a place would give if every way that reaches it drew it.

    ``rate_is_assumed``: too few asks are over so far to know how many answer.
    """

    ways: int
    answers: float
    rate_is_assumed: bool


@dataclass(frozen=True)
class Forecast:
    """The reach of each place of a journey, over the ``days`` that are known."""

    days: int
    reach: dict[str, Reach]

    def __getitem__(self, place: str) -> Reach:
        return self.reach.get(place, Reach(0, 0.0, True))


@dataclass(frozen=True)
class Outcome:
    """How many triggers at a place ended so: ``state`` is that of the invitation, if there was one.

    ``is_over``: nothing can come of it any more, or not so late that it would change the rate.
    """

    place: str
    reason: str
    state: str | None
    is_over: bool
    n: int


def forecast(
    session: Session, workspace_id: uuid.UUID, journey: str, last: str | None, now: datetime
) -> Forecast:
    """Read the newest triggers of a journey; ``last`` is the touchpoint where it ends."""
    with sight.whole(session):  # only counted
        newest = _newest(workspace_id, now - timedelta(days=DAYS))
        along = _along(newest, journey, _unnamed(session, workspace_id, journey, now))
        oldest = session.scalar(select(func.min(newest.c.received_at)))
        ways = {place: int(n) for place, n in session.execute(_ways(newest, workspace_id, along))}
        outcomes = list(_placed(session.execute(_outcomes(newest, workspace_id, along, now))))
    days = max(1, min(DAYS, (now - oldest).days)) if oldest else DAYS
    places = [(touchpoint, touchpoint) for touchpoint in ways]
    places += [(journeys.END, last)] if last else []
    reach = {place: _reach(place, at, ways.get(at, 0), outcomes, days) for place, at in places}
    return Forecast(days, reach)


def _reach(place: str, at: str, ways: int, outcomes: list[Outcome], days: int) -> Reach:
    here = [each for each in outcomes if each.place in {place, at}]
    asked = _count(each for each in here if each.reason in ASKED)
    held = _count(each for each in here if each.reason not in ASKED | DRAWN)
    free = asked / (asked + held) if asked + held else 1.0
    rate = _rate(each for each in outcomes if each.place == place)
    if rate is None:
        rate = _rate(outcomes)
    return Reach(ways, ways * free * (ASSUMED if rate is None else rate) / days * MONTH, rate is None)


def _rate(outcomes: Iterable[Outcome]) -> float | None:
    """The share of the asked that answered, of the asks that are over; None where too few are, to know."""
    asked = [each for each in outcomes if each.state in SETTLED and each.is_over]
    total = _count(asked)
    return _count(each for each in asked if each.state == "answered") / total if total >= ENOUGH else None


def _count(outcomes: Iterable[Outcome]) -> int:
    return sum(each.n for each in outcomes)


def _newest(workspace_id: uuid.UUID, since: datetime) -> Any:
    names = ("trigger_id", "touchpoint", "journey", "transaction", "received_at")
    query = select(*(getattr(Trigger, name) for name in names))
    query = query.where(Trigger.workspace_id == workspace_id, Trigger.received_at >= since)
    return query.order_by(Trigger.received_at.desc()).limit(NEWEST).subquery("newest")


def _unnamed(session: Session, workspace_id: uuid.UUID, journey: str, now: datetime) -> list[str]:
    """The touchpoints where a trigger that names no journey belongs to this one."""
    version = journeys.find_journey(session, workspace_id, journey)
    only = journeys.only_journeys(session, workspace_id)
    return sorted(
        touchpoint
        for touchpoint in {each for _, each in (version.stops if version else ())}
        if surveys.journey_at(
            surveys.standing_at(session, workspace_id, touchpoint, None, now), only.get(touchpoint)
        )
        == journey
    )


def _along(newest: Any, journey: str, unnamed: list[str]) -> Any:
    """What is of a journey: the triggers that name it, and those that name none where that means it."""
    return or_(
        newest.c.journey == journey, and_(newest.c.journey.is_(None), newest.c.touchpoint.in_(unnamed))
    )


def _ways(newest: Any, workspace_id: uuid.UUID, along: Any) -> Select[Any]:
    """touchpoint -> how many ways reached it; a trigger that nothing links to others is a way of its own."""
    alone = cast(newest.c.trigger_id, String(36))
    way = func.coalesce(Decision.journey_instance, newest.c.transaction, alone)
    query = select(newest.c.touchpoint, func.count(func.distinct(way)))
    return _decided(query, newest, workspace_id, along).group_by(newest.c.touchpoint)


def _outcomes(newest: Any, workspace_id: uuid.UUID, along: Any, now: datetime) -> Select[Any]:
    """(touchpoint, target, reason, state, whether it is over) -> how many triggers ended so.

    Over is what was asked long enough ago, answered or not: of the asks of today only the answered ones would be.
    """
    over = or_(Invitation.asked_at <= now - ANSWERED_WITHIN, Invitation.expires_at <= now)
    is_over = case((over, 1), else_=0)
    names = (newest.c.touchpoint, Invitation.target, Decision.reason, Invitation.state, is_over)
    made = and_(Invitation.workspace_id == workspace_id, Invitation.invitation_id == Decision.invitation_id)
    query = _decided(select(*names, func.count()), newest, workspace_id, along)
    return query.outerjoin(Invitation, made).group_by(*names)


def _decided(query: Select[Any], newest: Any, workspace_id: uuid.UUID, along: Any) -> Select[Any]:
    decided = and_(Decision.workspace_id == workspace_id, Decision.trigger_id == newest.c.trigger_id)
    return query.select_from(newest).join(Decision, decided).where(along)


def _placed(rows: Iterable[Any]) -> Iterator[Outcome]:
    """A question about the whole journey counts for its end."""
    for touchpoint, target, reason, state, is_over, n in rows:
        yield Outcome(journeys.END if target == "journey" else touchpoint, reason, state, bool(is_over), n)
