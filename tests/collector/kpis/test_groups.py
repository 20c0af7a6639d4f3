"""Closed groups in the database: what is shown by persona and attribute, through erasure and rebuilding."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import rollup_anew
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, erasure, surveys
from collector.kpis import rollups
from collector.kpis.models import GroupMember
from collector.responses import Response
from collector.statistics.closed_groups import Book

Headers = dict[str, dict[str, str]]


@pytest.fixture
def say(session: Session, company: Any, time: clock.FixedClock) -> Callable[..., Response]:
    """Store one answer: ``say(9, persona="senior")``."""
    published = surveys.version(session, company.workspace_id, "order-nps", 1)

    def call(score: int, days: int = 0, **given: Any) -> Response:
        at = time() + timedelta(days=days, seconds=call.said)  # type: ignore[attr-defined]
        call.said += 1  # type: ignore[attr-defined]
        row = Response(
            workspace_id=company.workspace_id, response_id=clock.new_id(), survey="order-nps", survey_version=1,
            series_id=published.series_id, metric="nps", touchpoint="order-confirmed", answers={}, score=score,
            occurred_at=at, day=at.date(), received_at=at, updated_at=at, source="solicited", respondent="customer", complete=True,
            **{"channel": "web", **given},
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    call.said = 0  # type: ignore[attr-defined]
    return call


@pytest.fixture
def kpis(session: Session, client: FlaskClient, keys: Headers, time: clock.FixedClock) -> Callable[..., Any]:
    """Count what came, then ask: (n, counts) of each line by its group."""

    def call(**query: Any) -> dict[str | None, tuple[int | None, dict[str, int]]]:
        while rollups.count(session, time()):
            pass
        session.commit()
        got = client.get("/api/v1/kpis", query_string={"metric": "nps", **query}, headers=keys["read"])
        assert got.status_code == 200, got.text
        points = {line["group"]: line["points"][0] for line in got.json["series"] if line["points"]}
        return {
            group: (point["n"], {score: n for score, n in point["counts"].items() if n})
            for group, point in points.items()
        }

    return call


def test_req_136_two_juniors_beside_ten_seniors_are_not_told(say: Any, kpis: Any) -> None:
    for _ in range(10):
        say(9, persona="senior")
    say(0, persona="junior")
    say(3, persona="junior")
    assert kpis()[None][0] == 12, "the total is exact"
    assert kpis(group_by="persona") == {"senior": (5, {"9": 5})}
    assert kpis(persona="junior")[None] == (None, {})


def test_an_attribute_is_grouped_too_and_the_others_are_its_rest(
    say: Any, kpis: Any, session: Session
) -> None:
    for _ in range(10):
        say(9, attributes={"tariff": "L"})
    for _ in range(3):
        say(1)
    assert session.scalar(select(GroupMember.response_id)) is None, "nothing is grouped before it is counted"
    kpis()
    assert shown(session, "attribute.tariff") == {"L": 5}


def shown(session: Session, dimension: str) -> dict[str, int]:
    table, counts = GroupMember, dict[str, int]()
    query = select(table.category).where(table.dimension == dimension, table.released.is_not(None))
    for category in session.scalars(query):
        counts[category] = counts.get(category, 0) + 1
    return counts


def test_persona_and_attribute_cannot_be_crossed(client: FlaskClient, keys: Headers, company: Any) -> None:
    query = {"metric": "nps", "persona": "senior", "group_by": "variant"}
    got = client.get("/api/v1/kpis", query_string=query, headers=keys["read"])
    assert (got.status_code, got.json["code"]) == (422, "one_dimension")


def test_an_erasure_dissolves_the_group_and_rebuilding_keeps_it_so(
    say: Any, kpis: Any, session: Session, company: Any, time: clock.FixedClock
) -> None:
    for number in range(15):
        say(9, persona="senior", customer=f"c-{number}")
    for _ in range(5):
        say(2, persona="junior")
    assert kpis(group_by="persona") == {"senior": (15, {"9": 15}), "junior": (5, {"2": 5})}
    erasure.erase(session, company.workspace_id, "c-3", time())
    before = kpis(group_by="persona")
    assert before["senior"][0] == 10, "four are left over of one category: a group of juniors stays back"
    assert "junior" not in before
    rollup_anew.make(session, company.workspace_id)
    assert kpis(group_by="persona") == before
    assert kpis()[None][0] == 19


def test_the_tables_follow_the_pure_rule(say: Any, kpis: Any, session: Session) -> None:
    rng, book = random.Random(5), Book[uuid.UUID]()
    for number in range(60):
        persona = rng.choice(("", "", "senior", "junior"))
        row = say(rng.randint(0, 10), days=number // 20, persona=persona or None)
        book.arrive(persona, row.response_id, row.day)
        if rng.random() < 0.3 or number == 59:
            kpis()
            expected = {(each, group.released) for group in book.published() for each in group.answers}
            query = select(GroupMember.response_id, GroupMember.released)
            wanted = query.where(GroupMember.dimension == "persona", GroupMember.released.is_not(None))
            found = {tuple(each) for each in session.execute(wanted)}
            assert {each for each, _ in found} == {each for each, _ in expected}
