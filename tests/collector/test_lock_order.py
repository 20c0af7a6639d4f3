"""Two collectors write about the same customers, each in the order opposite to the other's: neither is given up for it."""

from __future__ import annotations

import time as wall
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from collector import clock, db, workspaces
from collector.config import Config
from collector.invitations import subjects
from collector.service.app import create_app

MANY, LONG = 20, 60.0
Body = dict[str, Any]


@pytest.fixture
def two(app: Flask, config: Config, postgresql_url: str, time: clock.FixedClock) -> Iterator[list[Flask]]:
    """This collector, and another with an engine and lanes of its own."""
    engine = db.make_engine(postgresql_url, 4)
    yield [app, create_app(config, engine, time)]
    engine.dispose()


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """On PostgreSQL alone: SQLite writes one transaction at a time."""
    return postgresql_url


def waiting(url: str) -> int:
    with db.opened(url) as engine, engine.connect() as connection:
        return (
            connection.scalar(
                text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
            )
            or 0
        )


def test_triggers_of_the_same_customers_in_opposite_orders(
    two: list[Flask], keys: Any, company: workspaces.Workspace, postgresql_url: str, time: clock.FixedClock,
    session: Session,
) -> None:  # fmt: skip
    """Both stop at a customer in the middle whom somebody holds: what each has by then, the other must not wait for."""
    place = {"touchpoint": "order-confirmed", "journey": "first-order"}
    customers = sorted(
        (f"c-{n}" for n in range(MANY)), key=lambda name: workspaces.pseudonym_of(company, name)
    )
    rows, other = (
        [{**place, "customer": name, "trigger_id": str(uuid.uuid4())} for name in customers] for _ in two
    )

    def send(app: Flask, triggers: list[Body]) -> Any:
        with app.test_client() as own:
            return own.post("/api/v1/triggers", json={"triggers": triggers}, headers=keys["server"])

    with ThreadPoolExecutor(2) as pool:
        held = workspaces.pseudonym_of(company, customers[MANY // 2])
        subjects.hold(session, company.workspace_id, [held], time())
        sent = [pool.submit(send, two[0], rows), pool.submit(send, two[1], other[::-1])]
        deadline = wall.monotonic() + LONG
        while waiting(postgresql_url) < 2:
            assert wall.monotonic() < deadline
        session.rollback()
        answered = [each.result(LONG) for each in sent]
    assert [each.status_code for each in answered] == [200, 200]
    asked = [each["decision"] for one in answered for each in one.json["decisions"]]
    assert asked.count("invite") == MANY  # each customer once, whoever's trigger it was
