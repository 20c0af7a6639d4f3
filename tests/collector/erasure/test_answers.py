"""Answers that should not stand: hidden, deleted, one or many; out of sight, and out of the figures where deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.changes import Change
from collector.kpis import Rollup, rollups
from collector.responses import Response, Wanted, comments

Headers = dict[str, dict[str, str]]


@pytest.fixture
def told(trigger: Any, answer: Any) -> str:
    """The id of a counted answer with a comment."""
    token = trigger(transaction="order-1")["invitation"]["token"]
    given = answer(token, score=2, comment="spam spam", complete=True)
    return str(given.json["response_id"])


def _read(session: Session, company: Any, time: clock.FixedClock) -> list[str | None]:
    session.rollback()
    wanted = Wanted(time().date() - timedelta(days=1), time().date() + timedelta(days=1))
    found = [row.comment for row in comments(session, company.workspace_id, wanted)]
    session.rollback()
    return found


def test_a_hidden_answer_stands_on_no_page_and_still_counts(
    client: FlaskClient, session: Session, company: Any, keys: Headers, told: str, time: clock.FixedClock
) -> None:
    assert _read(session, company, time) == ["spam spam"]
    address = f"/api/v1/responses/{told}"
    assert client.patch(address, json={"hidden": True}, headers=keys["admin"]).json == {"answers": 1}
    assert _read(session, company, time) == []
    assert '"n":1' in client.get("/api/v1/kpis?metric=nps", headers=keys["admin"]).text
    assert client.patch(address, json={"hidden": True}, headers=keys["admin"]).json == {"answers": 0}
    assert client.patch(address, json={"hidden": False}, headers=keys["admin"]).json == {"answers": 1}
    assert _read(session, company, time) == ["spam spam"]
    noted = [
        change.verb
        for change in session.scalars(select(Change).where(Change.noun == "response").order_by(Change.number))
    ]
    assert noted == ["hid", "showed"]


def test_a_deleted_answer_leaves_the_figures_too(
    client: FlaskClient, session: Session, company: Any, keys: Headers, told: str, time: clock.FixedClock
) -> None:
    rollups.count(session, time.move(minutes=5))
    session.commit()
    assert client.delete(f"/api/v1/responses/{told}", headers=keys["admin"]).json == {"answers": 1}
    assert session.scalar(select(func.count()).select_from(Response)) == 0
    assert session.scalar(select(func.sum(Rollup.n))) in (0, None)
    change = session.scalars(select(Change).where(Change.noun == "response")).one()
    assert (change.verb, change.key) == ("deleted", told)
    session.rollback()
    assert client.delete(f"/api/v1/responses/{told}", headers=keys["admin"]).status_code == 404


def test_a_flood_is_hidden_at_once(
    client: FlaskClient,
    session: Session,
    company: Any,
    keys: Headers,
    trigger: Any,
    answer: Any,
    time: clock.FixedClock,
) -> None:
    for number in range(3):
        token = trigger(transaction=f"order-{number}")["invitation"]["token"]
        answer(token, score=0, comment=f"spam {number}", complete=True)
    where = {
        "touchpoint": "order-confirmed",
        "source": "solicited",
        "from": clock.iso(time()),
        "to": clock.iso(time() + timedelta(minutes=1)),
    }
    given = {"hidden": True, "where": where}
    assert client.patch("/api/v1/responses", json=given, headers=keys["admin"]).json == {"answers": 3}
    assert _read(session, company, time) == []
    later = {**given, "where": {**where, "from": clock.iso(time() + timedelta(seconds=1))}}
    assert client.patch("/api/v1/responses", json={**later, "hidden": False}, headers=keys["admin"]).json == {
        "answers": 0
    }


def test_another_companys_answer_is_not_there(
    client: FlaskClient, session: Session, told: str, time: clock.FixedClock
) -> None:
    other = workspaces.create(session, "Other", time())
    key = workspaces.mint_key(session, other, "admin", "theirs", time()).text
    session.commit()
    headers = {"Authorization": f"Bearer {key}"}
    assert client.delete(f"/api/v1/responses/{told}", headers=headers).status_code == 404
