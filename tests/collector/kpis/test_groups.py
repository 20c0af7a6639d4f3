"""Closed groups in the database: what is shown by persona and attribute, through erasure and rebuilding."""

from __future__ import annotations

import random
import re
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import rollup_anew
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.orm import Session
from statement_plans import statements_of

from collector import clock, erasure
from collector.kpis import rollups
from collector.kpis.models import GroupMember, Rollup
from collector.responses import Response
from collector.statistics.closed_groups import Book

Headers = dict[str, dict[str, str]]


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


def test_the_tables_follow_the_pure_rule_where_several_are_erased_at_once(
    say: Any, kpis: Any, session: Session, company: Any, time: clock.FixedClock
) -> None:
    rng, book, said = random.Random(11), Book[uuid.UUID](), dict[str, uuid.UUID]()
    for number in range(80):
        persona = rng.choice(("", "senior", "senior", "junior"))
        row = say(rng.randint(0, 10), persona=persona or None, customer=f"c-{number}")
        book.arrive(persona, row.response_id, row.day)
        said[f"c-{number}"] = row.response_id
        if number % 20 == 19:
            kpis()
            for customer in rng.sample(sorted(said), 3):
                erasure.erase(session, company.workspace_id, customer, time())
                book.erase(said.pop(customer))
            session.commit()
        expected = {each for group in book.published() for each in group.answers}
        if number % 20 == 19 or (number % 20 == 10 and kpis()):
            wanted = select(GroupMember.response_id).where(
                GroupMember.dimension == "persona", GroupMember.released.is_not(None)
            )
            assert set(session.scalars(wanted)) == expected


def test_answers_that_are_counted_anew_keep_their_groups(
    say: Any, kpis: Any, session: Session, time: clock.FixedClock
) -> None:
    for number in range(23):
        say(9, persona="senior" if number % 3 else None, attributes={"tariff": "L"} if number % 2 else {})
    kpis()
    before = groups_of(session)
    session.execute(update(Response).values(counted_at=None))
    session.execute(delete(Rollup))
    say(9, persona="senior")
    kpis()
    after = groups_of(session)
    assert len(before) == 2 * 23 + 11
    kept = {each: after[each][0] for each, (group, _released) in before.items() if group}
    assert kept == {each: group for each, (group, _released) in before.items() if group}
    sizes = Counter(group for group, _released in after.values() if group)
    assert set(sizes.values()) == {5}
    assert len(after) == len(before) + 2


def groups_of(session: Session) -> dict[Any, Any]:
    """Member -> its group, and when that was released."""
    columns = (GroupMember.dimension, GroupMember.response_id, GroupMember.group_id, GroupMember.released)
    return {(dimension, each): fate for dimension, each, *fate in session.execute(select(*columns))}


def test_counting_takes_as_many_statements_for_many_answers_as_for_a_few(
    say: Any, session: Session, engine: Engine, time: clock.FixedClock
) -> None:
    sizes = list[int]()
    for number in (6, 6, 60):
        for _ in range(number):
            say(9, persona="senior", attributes={"tariff": "L"})
        with statements_of(engine) as sent:
            rollups.count(session, time())
        sizes.append(len(sent))
        session.commit()
    assert sizes[1] == sizes[2] <= 25


def test_those_in_groups_already_are_found_by_their_keys(
    say: Any, kpis: Any, session: Session, engine: Engine
) -> None:
    """By the answers alone, all members of a workspace would be read for each batch."""
    say(9, persona="senior")
    kpis()
    one = session.scalars(select(GroupMember)).first()
    assert one is not None
    values = {column.key: getattr(one, column.key) for column in GroupMember.__table__.columns}
    ways = [(dimension, uuid.uuid4()) for dimension in ("persona", "variant") for _ in range(2000)]
    shown = {"group_id": uuid.uuid4(), "released": one.day}
    many = [values | shown | {"dimension": dimension, "response_id": each} for dimension, each in ways]
    session.execute(insert(GroupMember), many)
    session.commit()
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE group_member")
    say(9, persona="senior")
    with statements_of(engine) as sent:
        kpis()
    looks = [each for each in sent if "group_member.response_id IN" in each[0] or "LATERAL" in each[0]]
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        for statement, given in looks:
            plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, given))
            assert re.search(r"(Index Cond: .*|\(workspace_id=\? AND )dimension.*response_id", plan), plan
    assert len(looks) == 1


def test_a_group_that_an_erasure_releases_is_booked_on_the_last_day(
    say: Any, kpis: Any, session: Session, company: Any, time: clock.FixedClock
) -> None:
    for _ in range(5):
        say(9, persona="senior")
    junior = say(2, days=1, persona="junior", customer="c-junior")
    assert kpis(group_by="persona") == {}, "one junior: the seniors stay back"
    day = junior.day
    erasure.erase(session, company.workspace_id, "c-junior", time())
    session.commit()
    assert shown(session, "persona") == {"senior": 5}
    assert set(session.scalars(select(GroupMember.released))) == {day}


def test_an_answer_that_lacks_an_attribute_is_not_told_by_those_that_have_it(
    say: Any, kpis: Any, session: Session, company: Any, time: clock.FixedClock
) -> None:
    for number in range(5):
        say(9, attributes={"tariff": "L"}, persona=f"p-{number}")
    kpis()
    assert shown(session, "attribute.tariff") == {"L": 5}, "it is everybody"
    say(1, customer="c-alone")
    kpis()
    assert shown(session, "attribute.tariff") == {}, "six less five would tell what one has said"
    for _ in range(4):
        say(2, attributes={"tariff": "M"})
    kpis()
    assert shown(session, "attribute.tariff") == {"L": 5}, "the rest is of five, of two kinds"
    erasure.erase(session, company.workspace_id, "c-alone", time())
    session.commit()
    assert shown(session, "attribute.tariff") == {}, "nine less five would tell what four have said"
