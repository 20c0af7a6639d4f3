"""Asks counted, changed, taken back and cut anew: at every moment what the invitations themselves say."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from collector import clock, days, erasure
from collector.invitations import Invitation
from collector.kpis import asks, checking, day_zones
from collector.kpis.models import AskRollup, Recut
from collector.workspaces import Workspace

PLACE = "order-confirmed"
SATURDAY = datetime(2026, 10, 24, tzinfo=UTC)
"""In the night to Sunday the clocks of Berlin are set back."""


@pytest.fixture
def asked(session: Session, trigger: Any) -> list[uuid.UUID]:
    """Forty invitations of three days, in the dark and over the change of clocks, of many kinds of customers."""
    chance = random.Random(5)
    for n in range(40):
        trigger(customer=f"c-{n}")
    ids = list(session.scalars(select(Invitation.invitation_id)))
    for each in ids:
        at = SATURDAY + timedelta(hours=chance.randint(0, 72), minutes=chance.choice([0, 15, 30, 45]))
        change(
            session, each, created_at=at, persona=chance.choice(["a", "b", None]), channel=chance.choice(["web", None]),
            probability=chance.choice([1.0, 0.5, 1 / 3]), journey=chance.choice(["first-order", None]),
        )  # fmt: skip
    session.commit()
    return ids


def change(session: Session, invitation_id: uuid.UUID, **values: Any) -> None:
    session.execute(update(Invitation).where(Invitation.invitation_id == invitation_id).values(**values))


def count(session: Session, now: datetime) -> None:
    while asks.count(session, now + asks.SETTLED):
        session.commit()
    session.commit()


def naive(
    session: Session, stretch: asks.Stretch, by: tuple[str, ...], journey: str | None
) -> list[tuple[Any, ...]]:
    """Group, asked, seen, answered from the invitations alone."""
    table, answered = Invitation, Invitation.state == "answered"
    saw = or_(table.shown_at.is_not(None), answered)
    groups = [asks.filled(name) for name in by]
    sums = (func.sum(case((which, 1), else_=0)) for which in (saw, answered))
    query = select(*groups, func.count(), *sums).where(
        table.touchpoint == PLACE,
        table.source == "solicited",
        table.target == "touchpoint",
        table.run.is_(None),
        table.state.in_(["open", "answered", "declined"]),
        table.created_at >= stretch.since,
        table.created_at < stretch.until,
        *([table.journey == journey] if journey else []),
    )
    rows = session.execute(query.group_by(*groups))
    return sorted((tuple(row[:-3]), *map(int, row[-3:])) for row in rows)


def test_whatever_becomes_of_invitations_is_read_as_if_they_were_counted_one_by_one(
    session: Session, company: Any, asked: list[uuid.UUID], time: clock.FixedClock
) -> None:
    chance = random.Random(7)
    zone = "Europe/Berlin"
    session.execute(update(Workspace).values(timezone=zone, days_zone=zone))
    session.commit()
    for _ in range(100):
        change(
            session, chance.choice(asked), state=chance.choice(["open", "answered", "declined", "waiting", "skipped"]),
            shown_at=chance.choice([None, time()]), source=chance.choice(["solicited"] * 5 + ["follow_up"]),
            run=chance.choice([None] * 5 + ["r"]),
        )  # fmt: skip
        _end(session, chance)
        if chance.random() < 0.5:
            asks.count(session, time() + timedelta(days=1), batch=chance.randint(1, 7))
            _end(session, chance)
        if chance.random() < 0.1 and (who := session.scalars(select(Invitation.customer)).first()):
            erasure.erase_all(session, company.workspace_id, [who], time())
            session.commit()
        first = SATURDAY.date() + timedelta(days=chance.randint(0, 3))
        last = first + timedelta(days=chance.randint(0, 3))
        stretch = asks.Stretch(first, last, *days.bounds(first, last, zone))
        for by in (("touchpoint",), ("channel", "persona", "probability")):
            journey = chance.choice([None, "first-order"])
            found = asks.read(session, company.workspace_id, [PLACE], stretch, by, journey)
            told = sorted((each.group, each.asked, each.seen, each.answered) for each in found)
            assert told == naive(session, stretch, by, journey)
        session.commit()


def _end(session: Session, chance: random.Random) -> None:
    """Commit, or have it never happened."""
    if chance.random() < 0.15:
        session.rollback()
    else:
        session.commit()


def cells(session: Session) -> Counter[tuple[str, date]]:
    rows = session.execute(select(AskRollup.touchpoint, AskRollup.day, AskRollup.asked)).all()
    found = Counter({(place, day): 0 for place, day, _ in rows})
    for place, day, n in rows:
        found[place, day] += n
    return +found


def right(session: Session, zone: str) -> Counter[tuple[str, date]]:
    rows = session.execute(select(Invitation.touchpoint, Invitation.created_at))
    return Counter((place, days.day_of(at, zone)) for place, at in rows)


def recut(session: Session, time: clock.FixedClock, zone: str, until: str | None = None) -> None:
    """Move the company to a zone and cut its days anew, all or until a touchpoint has been reached."""
    session.execute(update(Workspace).values(timezone=zone))
    session.commit()
    for _ in range(4):
        time.move(seconds=11)
        while day_zones.recut(session, time()):
            reached = session.scalars(select(Recut.asks_of)).first()
            session.commit()
            if until is not None and reached == until:
                return
        session.commit()


@pytest.mark.parametrize(
    "zones",
    [
        ("Pacific/Kiritimati", "Pacific/Niue"),
        ("Pacific/Niue", "Pacific/Kiritimati"),
        ("Asia/Kolkata", "Australia/Lord_Howe"),
    ],
    ids="-".join,
)
def test_days_are_cut_anew_however_far_apart_two_zones_are(
    session: Session, asked: list[uuid.UUID], time: clock.FixedClock, zones: tuple[str, str]
) -> None:
    """At 10:40 in Greenwich Kiritimati is two dates ahead of Niue."""
    for each in asked[:5]:
        change(session, each, created_at=SATURDAY + timedelta(hours=10, minutes=40))
    session.execute(update(Workspace).values(timezone=zones[0], days_zone=zones[0]))
    session.commit()
    count(session, time())
    assert cells(session) == right(session, zones[0])
    recut(session, time, zones[1])
    assert cells(session) == right(session, zones[1])


def test_a_zone_that_changes_again_amid_the_work_begins_it_anew(
    session: Session, asked: list[uuid.UUID], time: clock.FixedClock
) -> None:
    change(session, asked[0], touchpoint="aaa", created_at=SATURDAY + timedelta(hours=23))
    session.commit()
    count(session, time())
    recut(session, time, "Asia/Tokyo", until="aaa")
    assert cells(session) != right(session, "UTC")
    session.commit()
    recut(session, time, "UTC")
    assert cells(session) == right(session, "UTC")
    assert session.scalars(select(Workspace.days_zone)).one() == "UTC"


def test_the_days_of_a_year_are_cut_anew_week_by_week(
    session: Session, asked: list[uuid.UUID], time: clock.FixedClock
) -> None:
    change(session, asked[0], created_at=SATURDAY - timedelta(days=60))
    session.commit()
    count(session, time())
    session.execute(update(Workspace).values(timezone="Asia/Tokyo"))
    session.commit()
    pieces = 0
    for _ in range(3):
        time.move(seconds=11)
        while day_zones.recut(session, time()):
            session.commit()
            pieces += 1
        session.commit()
    assert pieces > 60 / 7
    assert cells(session) == right(session, "Asia/Tokyo")


def test_by_night_asks_are_looked_over_where_nobody_has_answered(
    session: Session, trigger: Any, time: clock.FixedClock
) -> None:
    trigger(customer="c-1")
    count(session, time())
    session.execute(update(AskRollup).values(asked=99))
    session.commit()
    assert checking.are_there(session, time())
    assert checking.check(session, time()) == 1
    assert session.scalars(select(AskRollup.asked)).all() == [1]
