"""No call and no job reads a whole table, however the database's planner sees it: with fresh, stale or no statistics."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import growth
import pytest
import work_for_jobs
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, update
from statement_plans import read_whole, statements_of

from collector import db, prepared, responses
from collector.config import Config
from collector.jobs import Job
from collector.kpis import asks
from collector.migrations import planner
from collector.outcomes import Outcome, beside, reading
from collector.responses import Response
from collector.service import worker
from collector.service.worker import rounds

SIZE = 5_000
WHOLE_JOURNEYS = ("ix_journey_instance_journey", "ix_journey_instance_begun")
"""Indexes that find everybody on a journey."""


@pytest.fixture
def every_job(config: Config) -> tuple[Job, ...]:
    """What a worker does whose mail server takes nothing, and whose secret was rotated."""
    secrets = (*config.secret_key, work_for_jobs.OLDER)
    mails = {"smtp_url": "smtp://127.0.0.1:9", "mail_from": "us@example.com"}
    return worker.jobs_of(dataclasses.replace(config, **mails, secret_key=secrets))


@pytest.fixture(params=["none", "stale", "fresh"], ids=lambda known: f"{known} statistics")
def grown(
    request: pytest.FixtureRequest,
    client: FlaskClient,
    trigger: Callable[..., dict[str, Any]],
    keys: dict[str, dict[str, str]],
    engine: Engine,
    database_url: str,
    time: Any,
) -> Engine:
    """A database with many of everything, one of each made by the product."""
    token = trigger(customer="first", transaction="first", journey_instance="first")["invitation"]["token"]
    answer(client, token)
    step = {"touchpoint": "installed", "journey": "first-order", "customer": "first"}
    client.post("/api/v1/interactions", json={"interactions": [step]}, headers=keys["server"])
    outcome = {"key": "crm-1", "kind": "revenue", "value": 3, "currency": "EUR", **step}
    client.put("/api/v1/outcomes", json={"outcomes": [outcome]}, headers=keys["server"])
    for job in worker.JOBS:
        list(rounds(job, db.make_sessions(engine), time))
    engine.dispose()
    growth.fill(database_url, SIZE, request.param)
    return engine


def answer(client: FlaskClient, token: str) -> None:
    """In two calls: the score, then a comment."""
    body = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}}
    assert client.post("/w/v1/responses", json=body).status_code == 201
    more = body | {"answers": {"comment": "It works"}, "complete": True}
    assert client.post("/w/v1/responses", json=more).status_code == 200


def test_no_call_of_the_hot_path_reads_a_whole_table(
    grown: Engine,
    client: FlaskClient,
    trigger: Callable[..., dict[str, Any]],
    keys: dict[str, dict[str, str]],
) -> None:
    given = {"customer": "c-77", "transaction": "t-new", "cancel_on": ["refund"], "journey_instance": "i-new"}
    with statements_of(grown) as sent:
        token = trigger(**given)["invitation"]["token"]
        client.get(f"/w/v1/survey?token={token}")
        client.post("/w/v1/events", json={"token": token, "event": "shown"})
        answer(client, token)
        client.delete("/api/v1/triggers/t-new", headers=keys["server"])
        client.get("/api/v1/decisions?transaction=t-new", headers=keys["server"])
        step = {"touchpoint": "installed", "journey": "first-order", "customer": "c-77"}
        client.post("/api/v1/interactions", json={"interactions": [step]}, headers=keys["server"])
        del given["journey_instance"]
        trigger(
            **given | {"customer": "c-78", "transaction": "t-open"}
        )  # on a way that is found by whose it is
        trigger(**given | {"customer": "c-unheard-of", "transaction": "t-first"})  # on one that begins
        client.get("/metrics")
    assert len(sent) > 20
    assert read_whole(grown, sent, WHOLE_JOURNEYS) == []


def test_who_was_asked_is_read_from_cells(grown: Engine, company: Any, trigger: Callable[..., Any]) -> None:
    """Of invitations only those that are not counted yet are read; by an index of all, a year's would be."""
    trigger(customer="c-open", transaction="t-open")
    days = asks.Stretch(
        date(2020, 1, 1), date(2030, 1, 1), datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 2, tzinfo=UTC)
    )
    with db.make_sessions(grown)() as session, statements_of(grown) as sent:
        (found,) = asks.read(session, company.workspace_id, ["order-confirmed"], days, ("touchpoint",))
    assert (found.asked, found.answered) == (SIZE + 1, SIZE)
    assert read_whole(grown, sent, ("ix_invitation_touchpoint",)) == []


@pytest.mark.parametrize(
    "place",
    [{"journey": "first-order"}, {"touchpoints": ("order-confirmed",)}],
    ids=["journey", "touchpoint"],
)
def test_the_newest_comments_are_found_among_many_answers_without_any(
    grown: Engine, company: Any, place: dict[str, Any]
) -> None:
    """One of all these answers has words; by an index of all, each of the others would be looked at."""
    with grown.begin() as connection:
        connection.execute(update(Response).where(Response.customer.like("c-%")).values(comment=None))
    wanted = responses.Wanted(date(2020, 1, 1), date(2030, 1, 1), **place)
    with db.make_sessions(grown)() as session, statements_of(grown) as sent:
        found = responses.comments(session, company.workspace_id, wanted)
    assert [each.comment for each in found] == ["It works"]
    assert read_whole(grown, sent, ("ix_response_touchpoint", "ix_response_journey")) == []


def test_outcomes_beside_very_many_answers_read_some_of_them(
    grown: Engine, company: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "MOST", 100)
    with db.make_sessions(grown)() as session, statements_of(grown) as sent:
        beside.lines(session, company.workspace_id, ["order-confirmed"], datetime.now(UTC).year)
    assert read_whole(grown, sent, ("ix_response_journey",)) == []


def test_no_job_reads_a_whole_table(
    grown: Engine,
    trigger: Callable[..., dict[str, Any]],
    client: FlaskClient,
    keys: dict[str, dict[str, str]],
    time: Any,
    every_job: tuple[Job, ...],
) -> None:
    hook = {"name": "CRM", "url": "https://93.184.215.14/hooks", "kinds": ["response.completed"]}
    assert client.post("/api/v1/webhooks", json=hook, headers=keys["admin"]).status_code == 201
    trigger(customer="c-waiting", transaction="t-waiting", delay=60)
    answer(client, trigger(customer="c-new", transaction="t-answered")["invitation"]["token"])
    trigger(customer="c-open", transaction="t-open")
    client.patch("/api/v1/workspace", json={"timezone": "Europe/Berlin"}, headers=keys["admin"])
    with db.make_sessions(grown).begin() as noted:
        work_for_jobs.make(noted, time())
    time.move(minutes=2)
    with statements_of(grown) as sent:
        idle = [job.name for job in every_job if not sum(rounds(job, db.make_sessions(grown), time))]
    # One looks at a file, one at the server's own counts: neither reads a table of ours.
    assert set(idle) <= {"keep the write-ahead log short", "analyse young tables"}
    assert read_whole(grown, sent) == []


@pytest.mark.parametrize(("grown", "is_known"), [("none", False), ("fresh", True)], indirect=["grown"])
def test_sums_of_outcomes_read_no_other_journeys(grown: Engine, company: Any, is_known: bool) -> None:
    """What is summed up over a whole company (``/outcomes/summary``) is asked for by nobody who waits."""
    with grown.begin() as connection:
        connection.execute(
            update(Outcome)
            .where(Outcome.key.like("c-%"), Outcome.key.not_like("%1"))
            .values(journey="another")
        )
        if is_known:
            connection.exec_driver_sql("ANALYZE outcome")
    with db.make_sessions(grown)() as session, statements_of(grown) as sent:
        assert reading.sums(session, company.workspace_id, "first-order")
        reading.of_customer(session, company.workspace_id, "c-77", 10)
        reading.listed(session, company.workspace_id, None, False, "c-2", 50)
    assert len(sent) == 3
    assert read_whole(grown, sent) == []


def test_an_idle_job_takes_no_write_lock(
    engine: Engine, company: Any, time: Any, every_job: tuple[Job, ...]
) -> None:
    if engine.dialect.name == "postgresql":  # earlier tests may have left a table that has grown
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    with statements_of(engine) as sent:
        for job in every_job:
            assert list(rounds(job, db.make_sessions(engine), time)) == []
    assert not [statement for statement, _ in sent if statement.startswith(("BEGIN IMMEDIATE", "UPDATE"))]
    assert not [statement for statement, _ in sent if "FOR UPDATE" in statement]


def test_what_a_job_asks_often_is_asked_without_a_transaction(
    engine: Engine, company: Any, time: Any, every_job: tuple[Job, ...]
) -> None:
    """An idle worker does nothing else all day: each look is one statement, built once (``looks``)."""
    begun: list[str] = []
    sessions, often = db.make_sessions(engine), [job for job in every_job if job.every <= 5]
    for job in often:
        list(rounds(job, sessions, time))
    built = prepared.prepare.cache_info().misses
    event.listen(engine, "begin", lambda _connection: begun.append(job.name))
    with statements_of(engine) as sent:
        for job in often:
            assert list(rounds(job, sessions, time)) == []
    assert begun == []
    assert len(sent) == len(often) - (engine.dialect.name == "sqlite")  # one looks at a file
    assert prepared.prepare.cache_info().misses == built


def test_the_planner_knows_nothing_of_workspaces(postgresql_url: str) -> None:
    engine = db.make_engine(postgresql_url, 1)
    with engine.connect() as connection:
        assert planner.tables_that_know(connection) == []
    engine.dispose()
