"""Tallies of closed groups: what a stratum is taken for is what all its members say, at a cost that does not grow with them."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import rows_read
from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.orm import Session

from collector import clock, db, erasure
from collector.kpis import checking, groups, recounting, rollups, strata, tallies
from collector.kpis.models import GroupMember, GroupTally
from collector.kpis.tallies import Stratum
from collector.responses import Response
from collector.statistics import held_back

Say = Callable[..., Response]
TABLES = ("group_member", "group_tally")
FEW, MANY = 6_000, 100_000


def count(session: Session, time: clock.FixedClock) -> None:
    while rollups.count(session, time()):
        pass
    session.commit()


def every(session: Session) -> list[Stratum]:
    columns = [getattr(GroupMember, name) for name in Stratum._fields]
    return [Stratum(*row) for row in session.execute(select(*columns).distinct().order_by(*columns))]


def members(session: Session, stratum: Stratum) -> list[GroupMember]:
    mine = (getattr(GroupMember, name) == value for name, value in stratum._asdict().items())
    query = select(GroupMember).where(*mine).execution_options(populate_existing=True)
    return list(session.scalars(query))


def differences(session: Session) -> Iterator[Any]:
    """Strata of which a load would hold back another group, and tallies that are not what all members say."""
    for stratum in every(session):
        mine = members(session, stratum)
        grouped = Counter(each.category for each in mine if each.group_id)
        closed = {category: n // 5 for category, n in grouped.items()}
        outside = Counter(each.category for each in mine if not each.group_id)
        if stratum.is_by_attribute:
            outside[""] += len(members(session, stratum.everyone)) - len(mine)
        category = held_back(closed, outside)
        newest = max(
            (each.group_id for each in mine if each.group_id and each.category == category), default=None
        )
        strata.hold(session, [stratum])
        for arriving in ((), [each.category for each in mine]):
            held = strata.load(session, stratum, arriving)._held()
            if (held.group_id if held else None) != newest:
                yield stratum, held, category
        back = {each.group_id for each in mine if each.group_id and not each.released}
        if back != ({newest} - {None}):
            yield stratum, back, newest
        tally = tallies.read(session, stratum, is_full=True)
        if (tally.members, tally.groups) != (len(mine), closed) or tally.day < max(each.day for each in mine):
            yield stratum, tally, closed


@pytest.fixture(params=[True, False], ids=["however few", "where there are many"])
def always_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Strata that are read in whole because they are small, or as those are that hold back very many."""
    monkeypatch.setattr(strata, "FEW", 50 if request.param else 0)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_goes_and_moves_a_stratum_is_what_its_members_say(
    say: Say, session: Session, company: Any, time: clock.FixedClock, always_many: None, seed: int
) -> None:
    chance, said = random.Random(seed), list[Response]()
    for number in range(90):
        attributes = {"tariff": chance.choice("LLM")} if chance.random() < (0.9, 1.0)[seed % 2] else {}
        attributes |= {"order": f"o-{number // 2}"} if seed > 1 else {}
        persona = chance.choice((None, "senior", "senior", "junior"))
        said.append(say(9, days=number // 30, persona=persona, attributes=attributes, customer=f"c-{number}"))
        if chance.random() < 0.25:
            count(session, time)
        if chance.random() < 0.1:
            gone = said.pop(chance.randrange(len(said)))
            erasure.erase(session, company.workspace_id, str(gone.customer), time())
            session.commit()
        if chance.random() < 0.05:
            moved = chance.choice(said)
            moved.day -= timedelta(days=1)
            session.flush()
            groups.move(session, [moved])
    count(session, time)
    assert list(differences(session)) == []
    days = select(GroupMember.response_id).join(
        Response, (Response.response_id == GroupMember.response_id) & (Response.day != GroupMember.day)
    )
    assert session.scalars(days).all() == []
    assert len(every(session)) >= 3


def test_nothing_of_a_category_is_left_when_its_last_group_goes(
    say: Say, session: Session, company: Any, time: clock.FixedClock
) -> None:
    for number in range(10):
        say(9, attributes={"name": "Ada" if number < 5 else "Bob"}, customer=f"c-{number}")
    count(session, time)
    assert set(session.scalars(select(GroupTally.part))) >= {"=Ada", "=Bob"}
    erasure.erase(session, company.workspace_id, "c-3", time())
    assert "=Ada" not in set(session.scalars(select(GroupTally.part)))
    assert list(differences(session)) == []


OLDER = {
    "in": "puts an answer into a stratum",
    "out": "takes one out that waited",
    "out of a group": "dissolves a group",
}


@pytest.mark.parametrize("deed", OLDER)
def test_what_a_version_does_that_knows_of_no_tallies_is_noticed(
    say: Say, session: Session, time: clock.FixedClock, deed: str
) -> None:
    for number in range(17):
        say(9, persona="senior" if number % 2 else "junior")
    count(session, time)
    one = session.scalars(
        select(GroupMember).where(GroupMember.dimension == "persona", GroupMember.group_id.is_(None))
    ).first()
    grouped = session.scalars(
        select(GroupMember).where(GroupMember.dimension == "persona", GroupMember.group_id.is_not(None))
    ).first()
    assert one
    assert grouped
    if deed == "in":
        values = {column.key: getattr(one, column.key) for column in GroupMember.__table__.columns}
        new = values | {"response_id": uuid.uuid4(), "category": "of its own"}
        del new["tallied"]
        session.execute(insert(GroupMember.__table__), [new])  # type: ignore[arg-type]
    elif deed == "out":
        session.execute(
            delete(GroupMember).where(
                GroupMember.dimension == "persona", GroupMember.response_id == one.response_id
            )
        )
    else:
        group_id = grouped.group_id
        session.execute(
            delete(GroupMember).where(
                GroupMember.dimension == "persona", GroupMember.response_id == grouped.response_id
            )
        )
        left = update(GroupMember).where(GroupMember.group_id == group_id)
        session.execute(left.values(group_id=None, apart=True, released=None))
    session.commit()
    known = select(GroupTally.dimension, GroupTally.is_known).where(GroupTally.part == "")
    assert dict(tuple(row) for row in session.execute(known)) == {"persona": False, "variant": True}
    say(9, persona="senior")
    count(session, time)
    assert list(differences(session)) == []


def test_this_version_s_own_writing_leaves_a_stratum_known(
    say: Say, session: Session, company: Any, time: clock.FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        say(9, persona="senior", customer=f"c-{number}")
    count(session, time)
    monkeypatch.setattr(tallies, "recount", lambda *_given: pytest.fail("a stratum was counted again"))
    erasure.erase(session, company.workspace_id, "c-3", time())
    say(9)
    count(session, time)
    assert list(differences(session)) == []


def test_of_many_apart_the_last_category_is_seen_beside_the_first(
    say: Say, session: Session, time: clock.FixedClock, always_many: None
) -> None:
    for persona in ("a", "b", "z"):
        for _ in range(5):
            say(9, persona=persona)
    count(session, time)
    for persona, apart in (("a", True), ("z", True), ("b", False)):
        mine = (GroupMember.dimension == "persona", GroupMember.category == persona)
        gone = {"group_id": None, "apart": True, "released": None} if apart else {}
        session.execute(update(GroupMember).where(*mine).values(tallied=None, **gone))
    session.execute(update(GroupTally).values(is_known=False))
    session.commit()
    (stratum,) = (each for each in every(session) if each.dimension == "persona")
    assert held_back({"b": 1}, {"a": 5}) == "b", "so it would be, were z not seen"
    assert strata.load(session, stratum)._held() is None
    assert list(differences(session)) == []


HARMS = {
    "members": update(GroupTally).where(GroupTally.part == "").values(members=GroupTally.members + 1),
    "groups": update(GroupTally).where(GroupTally.part != "").values(groups=GroupTally.groups + 1),
    "a category": delete(GroupTally).where(GroupTally.part != ""),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_tally_that_is_wrong_is_found_at_night_or_by_a_rebuild_and_is_right_again(
    say: Say, session: Session, engine: Engine, company: Any, time: clock.FixedClock, harm: str
) -> None:
    for number in range(17):
        say(9, persona="senior" if number % 2 else "junior")
    count(session, time)
    assert checking.check(session, time()) == 0
    for mend in (
        lambda: checking.check(session, time()),
        lambda: list(recounting.rebuild(db.make_sessions(engine), company.workspace_id))[-1].mended,
    ):
        session.execute(HARMS[harm])
        session.commit()
        assert mend() == 2  # persona and variant
        session.commit()
        assert mend() == 0
        assert list(differences(session)) == []


def fill(session: Session, like: Response, size: int) -> None:
    """So many more members at an answer's place: nearly all in groups that are shown, one in a hundred apart for good; and as
    many tenths by an attribute whose values are all different, so that all of these wait."""
    one = members(session, next(each for each in every(session) if each.touchpoint == like.touchpoint))[0]
    values = {column.key: getattr(one, column.key) for column in GroupMember.__table__.columns}
    in_group: dict[str, Any] = {}
    rows = list[dict[str, Any]]()
    for number in range(size):
        if number % 5 == 0:
            in_group = {"group_id": clock.new_id(), "released": one.day, "apart": False}
            if number % 500 == 0:
                in_group = {"group_id": None, "released": None, "apart": True}
        mine = {"category": "senior" if number % 10 < 5 else "junior", "response_id": uuid.uuid4()}
        rows.append(values | {"dimension": "persona"} | in_group | mine)
        if number % 10 == 0:
            unlike = {"dimension": "attribute.order", "category": f"o-{number}"}
            rows.append(
                values
                | unlike
                | {"response_id": mine["response_id"], "group_id": None, "released": None, "apart": False}
            )
    session.execute(insert(GroupMember), rows)
    tally = update(GroupTally).where(GroupTally.touchpoint == like.touchpoint, GroupTally.part == "")
    session.execute(tally.values(is_known=False))
    session.commit()


def test_a_batch_an_erasure_and_a_move_cost_a_stratum_of_many_what_they_cost_one_of_few(
    say: Say, session: Session, engine: Engine, company: Any, time: clock.FixedClock
) -> None:
    costs: dict[str, dict[str, int]] = {}
    for place, size in (("order-confirmed", FEW), ("installed", MANY)):
        at = {"touchpoint": place, "persona": "senior", "attributes": {"order": "first"}}
        first = say(9, **at, customer=f"c-{place}")
        count(session, time)
        fill(session, first, size)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    for place in ("order-confirmed", "installed"):
        at = {"touchpoint": place, "persona": "senior"}
        say(9, **at, attributes={"order": "second"})
        count(session, time)  # which counts the stratum once
        batch = [say(9, **at, attributes={"order": f"n-{number}"}) for number in range(23)]
        (first,) = session.scalars(select(Response).where(Response.customer == f"c-{place}"))
        gone = (Response.workspace_id == company.workspace_id) & (Response.response_id == first.response_id)
        works: dict[str, Callable[[], Any]] = {
            "count": lambda: rollups.count(session, time()),
            "move": lambda batch=batch: groups.move(session, batch),  # type: ignore[misc]
            "forget": lambda gone=gone: groups.forget(session, company.workspace_id, gone),  # type: ignore[misc]
        }
        costs[place] = {name: rows_read.of(session, work, *TABLES) for name, work in works.items()}
    assert session.scalar(select(func.count()).select_from(GroupMember)) > MANY
    for name, few in costs["order-confirmed"].items():
        assert costs["installed"][name] <= 1.5 * few + 100, costs  # where it grew, by seventeen times
