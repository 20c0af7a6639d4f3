"""A list of texts sent as one value finds what the same list finds with a place for each of them."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, Text, Uuid, bindparam, create_engine, select, text
from sqlalchemy.orm import Session

from collector import lists, prepared
from collector.interactions.models import JourneyInstance
from collector.invitations.models import Subject

TABLE: Any = Subject.__table__
AMONG = select(TABLE.c.customer).where(lists.any_of(TABLE.c.customer, "names")).order_by(TABLE.c.customer)
ODD = ["a,b", '"', "\\", '\\"', "{}", "NULL", " ", "'", "ä\u2028😀", "%s", ":x", "a\nb"]
"""Texts that stand for something else in an array's or in JSON's own words."""


@pytest.fixture
def kept(session: Session, workspace: Any) -> list[str]:
    at = datetime(2026, 11, 28, tzinfo=UTC)
    rows = [
        {"workspace_id": workspace.workspace_id, "customer": name, "consents": {}, "created_at": at}
        for name in [*ODD, "another"]
    ]
    session.execute(TABLE.insert(), rows)
    return [*ODD, "another"]


@pytest.mark.parametrize("names", [[], ["another"], ["nobody"], ODD, [*ODD, str(uuid.UUID(int=7))], ["NULL"]])
def test_it_finds_what_is_in_the_list(session: Session, kept: list[str], names: list[str]) -> None:
    found = {row.customer for row in prepared.send(session, AMONG, [{"names": names}])}
    assert found == set(kept) & set(names)
    assert found == {row.customer for row in session.execute(AMONG, {"names": names})}


def test_one_text_serves_lists_of_every_length(session: Session, kept: list[str]) -> None:
    prepared.prepare.cache_clear()
    for length in range(len(ODD)):
        assert len(prepared.send(session, AMONG, [{"names": ODD[:length]}])) == length
    assert prepared.prepare.cache_info().currsize == 1


PAIRS: Any = JourneyInstance.__table__
WAYS = select(PAIRS.c.journey, PAIRS.c.instance_id).where(
    lists.any_pair_of((PAIRS.c.journey, PAIRS.c.instance_id), ("journeys", "instances"))
)


@pytest.mark.parametrize("wanted", [[], [("a,b", '"')], [("a,b", '"'), ("\\", "{}")], [("nobody", "NULL")]])
def test_it_finds_the_pairs(
    session: Session, workspace: Any, database_url: str, wanted: list[tuple[str, str]]
) -> None:
    at = datetime(2026, 11, 28, tzinfo=UTC)
    walked = {"workspace_id": workspace.workspace_id, "journey_version": 1, "started_at": at, "last_at": at}
    there = [(journey, instance) for journey in ("a,b", "\\") for instance in ('"', "{}", "NULL")]
    session.execute(PAIRS.insert(), [{**walked, "journey": one, "instance_id": two} for one, two in there])
    given = {"journeys": [one for one, _ in wanted], "instances": [two for _, two in wanted]}
    found = {tuple(row) for row in prepared.send(session, WAYS, [given])}
    each = {(one, two) for one, two in there if one in given["journeys"] and two in given["instances"]}
    assert found == (each if database_url.startswith("sqlite") else set(there) & set(wanted))


def test_postgresql_looks_up_pair_by_pair(postgresql_url: str) -> None:
    """By a plan made without their number, which it takes for ten; of workspaces it knows nothing (``planner``)."""
    way = Table(
        "way", MetaData(), Column("workspace_id", Uuid), Column("journey", Text), Column("instance", Text)
    )
    one = way.c.workspace_id == bindparam("workspace_id")
    wanted = select(way).where(one, lists.any_pair_of((way.c.journey, way.c.instance), ("journeys", "ways")))
    engine = create_engine(postgresql_url)
    with engine.connect() as connection:
        for statement in (
            "CREATE TEMP TABLE way (workspace_id uuid, journey text, instance text)",
            "ALTER TABLE way ALTER workspace_id SET STATISTICS 0",
            "INSERT INTO way SELECT '00000000-0000-0000-0000-000000000001', 'order', n::text FROM generate_series(1, 15000) n",
            "CREATE INDEX by_instance ON way (workspace_id, journey, instance)",
            "CREATE INDEX by_workspace ON way (workspace_id)",
            "ANALYZE way",
            "SET LOCAL plan_cache_mode = force_generic_plan",
        ):
            connection.execute(text(statement))
        sent = str(wanted.compile(connection))
        names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", sent)))
        sent = re.sub(r"%\((\w+)\)s", lambda place: f"${names.index(place[1]) + 1}", sent)
        connection.exec_driver_sql(f"PREPARE kept AS {sent}")
        values = ", ".join("NULL" if name == "workspace_id" else "'{}'" for name in names)
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN EXECUTE kept ({values})").scalars())
        connection.exec_driver_sql("DEALLOCATE kept")
    engine.dispose()
    assert "by_workspace" not in plan
    assert re.search(r"Index Cond: \(\(workspace_id = .*journey = .*instance = ", plan), plan
