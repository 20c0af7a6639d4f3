"""No call and no job reads a whole table, however the database's planner sees it: with fresh, stale or no statistics."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import growth
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from statement_plans import read_whole, statements_of

from collector import db, insights, webhooks, workspaces
from collector.communities import panels, runs
from collector.digests.models import MailWish
from collector.kpis import day_zones
from collector.migrations import planner
from collector.responses import Response
from collector.service.worker import JOBS, rounds
from collector.signals.models import AskClock, SignalPlace
from collector.surveys import MetricSeries

SIZE = 5_000


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
    for job in JOBS:
        list(rounds(job, db.make_sessions(engine), time))
    engine.dispose()
    growth.fill(database_url, SIZE, request.param)
    return engine


def answer(client: FlaskClient, token: str) -> None:
    body = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}, "complete": True}
    assert client.post("/w/v1/responses", json=body).status_code == 201


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
        client.get("/metrics")
    assert len(sent) > 20
    assert read_whole(grown, sent) == []


def test_no_job_reads_a_whole_table(
    grown: Engine,
    trigger: Callable[..., dict[str, Any]],
    client: FlaskClient,
    keys: dict[str, dict[str, str]],
    time: Any,
) -> None:
    hook = {"name": "CRM", "url": "https://93.184.215.14/hooks", "kinds": ["response.completed"]}
    assert client.post("/api/v1/webhooks", json=hook, headers=keys["admin"]).status_code == 201
    trigger(customer="c-waiting", transaction="t-waiting", delay=60)
    answer(client, trigger(customer="c-new", transaction="t-answered")["invitation"]["token"])
    client.patch("/api/v1/workspace", json={"timezone": "Europe/Berlin"}, headers=keys["admin"])
    with db.make_sessions(grown).begin() as noted:
        day_zones.recut(noted, time())
        _watch_an_insight(noted, time())
        _keep_an_old_event(noted, time())
        _hear_new_comments(noted, time())
        _invite_a_member(noted, time())
        _want_to_be_told(noted, time())
        _have_its_number(noted, time())
    time.move(minutes=2)
    with statements_of(grown) as sent:
        for job in JOBS:
            assert sum(rounds(job, db.make_sessions(grown), time)) > 0, job.name
    assert read_whole(grown, sent) == []


def _keep_an_old_event(session: Session, now: Any) -> None:
    """Somebody was told of something long ago."""
    workspace_id = session.scalars(select(MetricSeries.workspace_id)).first()
    assert workspace_id is not None
    long_ago = now - timedelta(days=400)
    event = {"kind": "response.completed", "at": long_ago, "data": {}, "spread_at": long_ago}
    session.add(webhooks.WebhookEvent(workspace_id=workspace_id, event_id=uuid.uuid4(), **event))


def _hear_new_comments(session: Session, now: Any) -> None:
    """Enough comments are new at a touchpoint for a look at what they are about, and asks are old enough."""
    workspace_id = session.scalars(select(MetricSeries.workspace_id)).first()
    assert workspace_id is not None
    place = {"touchpoint": "installed", "began_on": now.date(), "days": {}, "said": 10, "due_at": now}
    session.merge(SignalPlace(workspace_id=workspace_id, **place))
    session.merge(AskClock(workspace_id=workspace_id, reached=now - timedelta(days=10)))


def _invite_a_member(session: Session, now: Any) -> None:
    """A run asks a member of its panel."""
    workspace_id = session.scalars(select(MetricSeries.workspace_id)).first()
    assert workspace_id is not None
    panel = {"key": "testers", "name": "Testers", "consent": {"en": "May we ask you?"}}
    row = panels.actions.make(session, workspace_id, panel, "tests", now)
    joining = panels.joining.Joining(
        ["cu_" + "m" * 24], "import", panels.joining.Consent("v1", now, "a form")
    )
    panels.joining.join(session, row, joining, now, ["a-secret"])
    run = runs.Run("page", "Page", "running", "order-nps", "order-confirmed", panel_key="testers")
    assert panels.asking.enlist(session, workspace_id, run, "link", now) == 1


def _have_its_number(session: Session, now: Any) -> None:
    """A run has the answers that decide it."""
    workspace_id = session.scalars(select(MetricSeries.workspace_id)).first()
    assert workspace_id is not None
    assumed = {"measure": "nps", "kind": "threshold", "direction": "above", "value": 0}
    where = {"survey": "order-nps", "touchpoint": "order-confirmed", "hypotheses": [assumed], "n": 5}
    made = {"state": "running", "design": "fixed", "created_by": "tests", "created_at": now}
    session.add(runs.StoredRun(workspace_id=workspace_id, key="page", name="Page", **where, **made))
    some = select(Response.response_id).where(Response.score.is_not(None)).limit(6)
    session.execute(update(Response).where(Response.response_id.in_(some)).values(run="page"))


def _want_to_be_told(session: Session, now: Any) -> None:
    """Somebody wants to be told of what is theirs at once."""
    workspace_id = session.scalars(select(MetricSeries.workspace_id)).first()
    assert workspace_id is not None
    person = workspaces.add_person(
        session, workspace_id, "ada@example.com", "Ada", "a long enough password", now
    )
    wish = {"signals": "at_once", "insights": "at_once", "since": now - timedelta(minutes=1)}
    session.add(MailWish(workspace_id=workspace_id, person_id=person.person_id, stop_key="k", **wish))


def _watch_an_insight(session: Session, now: Any) -> None:
    """Something was done at a touchpoint, and whether it helped is to be seen."""
    series = session.scalars(select(MetricSeries)).first()
    assert series is not None
    row = insights.file(session, series.workspace_id, insights.Thought("Late", "installed"), "tests", now)
    session.add(
        insights.Recovery(
            workspace_id=row.workspace_id,
            insight_id=row.insight_id,
            touchpoint="installed",
            metric=series.metric,
            series_id=series.series_id,
            gap=10,
            first=now.date(),
            done_on=now.date(),
            look_at=now,
        )
    )
    _ask_again(session, row, now)


def _ask_again(session: Session, insight: insights.Insight, now: Any) -> None:
    """Somebody who was unhappy about it is to be asked once more."""
    insight.state = "done"
    said = session.scalars(select(Response).where(Response.customer.is_not(None)).limit(1)).one()
    place = {
        name: getattr(said, name)
        for name in ("workspace_id", "response_id", "customer", "touchpoint", "survey")
    }
    session.add(
        insights.FollowUp(
            **place, insight_id=insight.insight_id, channel="email", run_after=now, enlisted_at=now
        )
    )


def test_an_idle_job_takes_no_write_lock(engine: Engine, company: Any, time: Any) -> None:
    with statements_of(engine) as sent:
        for job in JOBS:
            assert list(rounds(job, db.make_sessions(engine), time)) == []
    assert not [statement for statement, _ in sent if statement.startswith(("BEGIN IMMEDIATE", "UPDATE"))]
    assert not [statement for statement, _ in sent if "FOR UPDATE" in statement]


def test_the_planner_knows_nothing_of_workspaces(postgresql_url: str) -> None:
    engine = db.make_engine(postgresql_url, 1)
    with engine.connect() as connection:
        assert planner.tables_that_know(connection) == []
    engine.dispose()
