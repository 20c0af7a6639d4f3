"""A day is one of the workspace's zone: in figures, pages and exports, and anew once the zone is another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.kpis import day_zones, rollups
from collector.kpis.models import GroupMember, Rollup
from collector.responses import Response

Headers = dict[str, dict[str, str]]
NIGHT = "2026-11-01T00:20:00+01:00"
"""In Berlin the first of November, in UTC still October."""


@pytest.fixture
def say(client: FlaskClient, company: Any, keys: Headers) -> Callable[..., None]:
    """Store an answer of the night to November: ``say(9)``."""

    def call(score: int, at: str = NIGHT, **given: Any) -> None:
        item = {"touchpoint": "order-confirmed", "answers": {"score": score}, "occurred_at": at, **given}
        got = client.post("/api/v1/responses", json={"responses": [item]}, headers=keys["server"])
        assert got.status_code < 300, got.text

    return call


@pytest.fixture
def days(client: FlaskClient, keys: Headers) -> Callable[..., dict[str, int]]:
    """First day of each bucket with answers -> how many."""

    def call(interval: str = "day", **query: str) -> dict[str, int]:
        wanted = {"metric": "nps", "interval": interval, "from": "2026-10-01", "to": "2026-11-30", **query}
        got = client.get("/api/v1/kpis", query_string=wanted, headers=keys["read"])
        assert got.status_code == 200, got.text
        points = [point for line in got.json["series"] for point in line["points"]]
        return {point["from"]: point["n"] for point in points if point["n"]}

    return call


@pytest.fixture
def move_to(client: FlaskClient, company: Any, keys: Headers) -> Callable[[str], None]:
    """Give the company another time zone."""

    def call(zone: str) -> None:
        got = client.patch("/api/v1/workspace", json={"timezone": zone}, headers=keys["admin"])
        assert got.status_code == 200, got.text

    return call


def _work(session: Session, time: clock.FixedClock) -> None:
    """What the worker does, until it has nothing to do."""
    for _ in range(2):
        while rollups.count(session, time()) or day_zones.recut(session, time(), batch=2):
            session.commit()
        time.move(seconds=11)
    session.commit()


def test_an_answer_of_the_first_is_not_counted_in_the_month_before(say: Any, days: Any, move_to: Any) -> None:
    move_to("Europe/Berlin")
    say(9)
    assert days("day") == days("month") == {"2026-11-01": 1}
    assert days("week") == {"2026-10-26": 1}, "the Sunday of the week that began on the 26th"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Tokyo"])
def test_a_time_with_an_offset_means_the_day_of_the_zone(
    zone: str, say: Any, days: Any, move_to: Any
) -> None:
    move_to(zone)
    say(9)
    assert days("day", **{"from": NIGHT, "to": NIGHT}) == days("day") != {}


def test_days_are_cut_anew_when_the_zone_changes(
    say: Any, days: Any, move_to: Any, session: Session, time: clock.FixedClock
) -> None:
    for score in range(5):
        say(score, at=f"2026-10-31T2{score % 4}:50:00Z", persona="senior")
    _work(session, time)
    say(9, at="2026-10-31T23:30:00Z")  # not counted yet
    assert days() == {"2026-10-31": 6}
    move_to("Europe/Berlin")
    assert day_zones.are_waiting(session, time())
    _work(session, time)
    assert days() == {"2026-10-31": 4, "2026-11-01": 2}
    assert not day_zones.are_waiting(session, time())
    assert _stored(session) == {date(2026, 10, 31): 4, date(2026, 11, 1): 2}
    move_to("America/New_York")
    _work(session, time)
    assert days() == {"2026-10-31": 6}


def _stored(session: Session) -> dict[date, int]:
    """Day -> answers, the same in the answers, the cells and the members of groups."""
    session.expire_all()
    answers = list(session.scalars(select(Response)))
    found = {row.day: sum(each.day == row.day for each in answers) for row in answers}
    cells = list(session.scalars(select(Rollup).where(Rollup.n > 0)))
    assert {cell.day: sum(each.n for each in cells if each.day == cell.day) for cell in cells} == found
    by_id = {row.response_id: row.day for row in answers}
    assert all(each.day == by_id[each.response_id] for each in session.scalars(select(GroupMember)))
    session.rollback()
    return found


def test_nothing_is_moved_while_another_process_may_know_the_zone_before(
    say: Any, days: Any, move_to: Any, session: Session, time: clock.FixedClock
) -> None:
    say(9)
    move_to("Europe/Berlin")
    assert day_zones.recut(session, time()) == 1, "the change is noted"
    assert day_zones.recut(session, time()) == 0
    time.move(seconds=11)
    assert day_zones.recut(session, time()) == 1
    session.commit()


def test_exports_begin_and_end_with_the_days_of_the_zone(
    client: FlaskClient, keys: Headers, say: Any, move_to: Any
) -> None:
    move_to("Europe/Berlin")
    say(9)
    for first, last, n in (("2026-11-01", "2026-11-01", 1), ("2026-10-31", "2026-10-31", 0)):
        got = client.get(
            "/api/v1/exports/responses.jsonl", query_string={"from": first, "to": last}, headers=keys["admin"]
        )
        assert len(got.text.splitlines()) == n


def test_comments_are_found_by_the_days_of_the_zone(
    session: Session, say: Any, move_to: Any, company: Any
) -> None:
    from collector import responses

    move_to("Europe/Berlin")
    say(9, answers={"score": 9, "comment": "late at night"})
    november = date(2026, 11, 1)
    of = {
        day: len(responses.comments(session, company.workspace_id, responses.Wanted(day, day)))
        for day in (november - timedelta(days=1), november)
    }
    assert of == {november - timedelta(days=1): 0, november: 1}
