"""What is let go of is found and deleted by an index, however the database's planner sees the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import growth
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from statement_plans import read_whole, statements_of

from collector import clock, db, workspaces
from collector.erasure import retention
from collector.service import worker

SIZE = 20_000
KINDS = ("keep_comments", "keep_interactions", "keep_outcomes", "keep_answers")


@pytest.fixture(params=["none", "stale", "fresh"], ids=lambda known: f"{known} statistics")
def grown(
    request: pytest.FixtureRequest,
    client: FlaskClient,
    trigger: Callable[..., Any],
    answer: Callable[..., Any],
    keys: dict[str, dict[str, str]],
    engine: Engine,
    database_url: str,
    time: clock.FixedClock,
) -> Engine:
    """Two years of answers with comments, of steps and of outcomes, one of each made by the product."""
    token = trigger(customer="first", transaction="first", journey_instance="first")["invitation"]["token"]
    answer(token, score=9, comment="fine", complete=True)
    step = {"touchpoint": "installed", "journey": "first-order", "customer": "first"}
    client.post("/api/v1/interactions", json={"interactions": [step]}, headers=keys["server"])
    outcome = {"key": "crm-1", "kind": "churn", **step}
    client.put("/api/v1/outcomes", json={"outcomes": [outcome]}, headers=keys["server"])
    worker.run_job(worker.JOBS[0], db.make_sessions(engine), time)
    engine.dispose()
    growth.fill(database_url, SIZE, request.param)
    time.time = clock.system_clock()  # as the copies were dated
    return engine


def test_old_rows_are_looked_for_and_let_go_of_by_an_index(
    grown: Engine, company: workspaces.Workspace, time: clock.FixedClock
) -> None:
    sessions = db.make_sessions(grown)
    for kind in KINDS:
        with sessions.begin() as session:
            workspaces.company.change(session, company.workspace_id, {kind: 90}, "tests", time())
        with statements_of(grown) as sent, sessions.begin() as session:
            assert retention.are_old(session, time())
            assert retention.let_go(session, time()) >= retention.AT_ONCE, kind
        assert read_whole(grown, sent) == [], kind
