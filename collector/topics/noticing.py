"""New topics: looks at a touchpoint's comments whenever enough are new, and raises what nobody wrote about before.

The comments of 28 days are put together with those of the 84 days before. A topic is new where the Benjamini-Hochberg
rule says so at a level that spends a year's false alarms evenly over its looks. It is told once, whoever of those who
named it is erased later. Imported comments make nothing new; they say what is old.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import days, db, responses, signals, workspaces
from collector.responses import Said, Wanted
from collector.signals import Found, Signal, Wish, listening
from collector.statistics import LEAST, K, false_discoveries
from collector.topics import reading, topic
from collector.topics.topic import Split, Topic

RULE = listening.RULE
NOW, BEFORE = timedelta(days=28), timedelta(days=84)
MOST = 2000
"""Comments of either stretch of days that are read, the newest."""
KEPT = 20
"""So many of its first answers say which topic a signal is about."""
LIVE = ("solicited", "volunteered")


def notice(session: Session, now: datetime) -> int:
    """Look at one touchpoint that has enough new comments; how many were looked at.

    Whoever is killed before has done nothing, and who comes after does it once.
    """
    db.hold(session, "topics")
    place = listening.next_due(session)
    if place is None:
        return 0
    today = days.day_of(now, workspaces.facts(session, place.workspace_id).timezone)
    wish = signals.settings.of(session, place.workspace_id).at(place.touchpoint)
    if wish.wants(RULE):
        _look(session, place, today, wish, now)
    listening.looked(session, place, today)
    return 1


are_due = listening.are_due


def _look(session: Session, place: listening.Place, today: date, wish: Wish, now: datetime) -> None:
    """Raise the topics that are new, and end what is no longer said, or no longer new."""
    told, wanted = _told(session, place, today), _lately(place, today)
    last = wanted.first - timedelta(days=1)
    earlier = replace(wanted, first=wanted.first - BEFORE, last=last, sources=None)
    before = _read(session, place, earlier)
    if not told and topic.people(before) < LEAST:
        return  # beside so few, nothing is new
    fresh = _read(session, place, wanted)
    splits = reading.groups(fresh, before)
    level = min(false_discoveries.LEVEL, wish.allowed(RULE) / place.looks_a_year(today))
    for each in topic.new(splits, fresh, before):
        if each.q is not None and each.q <= level:
            ids = {said.response_id for said in each.members}
            if not any(_is_about(row, ids) for row in told):
                raised = _found(place, each, topic.people(fresh), today, wish)
                signals.raise_signal(session, place.workspace_id, raised, now)
    _end(session, told, splits, today, now)


def _lately(place: listening.Place, today: date) -> Wanted:
    """Comments about the touchpoint in the last days."""
    first = today - NOW + timedelta(days=1)
    return Wanted(first, today, touchpoints=(place.touchpoint,), target="touchpoint", sources=LIVE)


def _read(session: Session, place: listening.Place, wanted: Wanted) -> list[Said]:
    with workspaces.sight.sealed(session, place.workspace_id):
        return responses.said_in(session, place.workspace_id, wanted, MOST)


def _told(session: Session, place: listening.Place, today: date) -> list[Signal]:
    """The topics that were told of while any of these comments was new."""
    query = select(Signal).where(
        Signal.workspace_id == place.workspace_id,
        Signal.touchpoint == place.touchpoint,
        Signal.rule == RULE,
        Signal.since >= today - NOW - BEFORE,
    )
    return list(session.scalars(query))


def _is_about(row: Signal, answers: Collection[uuid.UUID]) -> bool:
    """Whether a signal told of the topic to which these answers belong."""
    return any(uuid.UUID(each) in answers for each in row.facts.get("answers", []))


def _found(place: listening.Place, new: Topic, wrote: int, today: date, wish: Wish) -> Found:
    oldest_first = new.members[::-1]
    facts: dict[str, Any] = {
        "name": new.name,
        "n": new.n,
        "wrote": wrote,
        "unhappy": new.unhappy,
        "from": (today - NOW + timedelta(days=1)).isoformat(),
        "to": today.isoformat(),
        "topic_id": str(new.topic_id),
        "answers": [str(each.response_id) for each in _examples_first(new, oldest_first)],
        "per_year": wish.allowed(RULE),
    }
    since = oldest_first[0].occurred_at.date()
    subject = f"{place.touchpoint} {new.topic_id}"
    return Found(RULE, place.touchpoint, subject, since, facts)


def _examples_first(new: Topic, oldest_first: Iterable[Said]) -> list[Said]:
    """Its examples, then its oldest answers, each once."""
    chosen = {each.response_id: each for each in (*new.examples, *oldest_first)}
    return list(chosen.values())[:KEPT]


def _end(
    session: Session, told: Iterable[Signal], splits: Iterable[Split], today: date, now: datetime
) -> None:
    """A topic is over when fewer than five people named it in the last days, or when all of them could know it."""
    groups = list(splits)
    for row in told:
        if row.state == "over":
            continue
        of = next((of for of, against in groups if _is_about(row, _ids(of, against))), [])
        how = "recovered" if topic.people(of) < K else "stayed" if row.since < today - 2 * NOW else None
        if how:
            signals.end(session, row.workspace_id, RULE, row.subject, row.regime, how, now)


def _ids(*said: Iterable[Said]) -> set[uuid.UUID]:
    return {each.response_id for group in said for each in group}
