"""Remind me later: put off once, for as long as the policy says, and counted as what it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from collector import clock, db, errors, invitations, signing, workspaces
from collector.dashboard import sources
from collector.dashboard.period import Period

Headers = dict[str, dict[str, str]]
DAY = 86_400


@pytest.fixture
def asked(trigger: Any, set_policy: Any) -> Callable[..., str]:
    """``asked()``: the link of somebody whom a policy that offers it asks."""

    def call(days: int | None = 2, **given: Any) -> str:
        set_policy(remind_later=days)
        return str(trigger(**{"customer": "c-1", "transaction": "order-1"} | given)["invitation"]["token"])

    return call


@pytest.fixture
def later(client: FlaskClient) -> Callable[[str], Any]:
    return lambda token: client.post("/w/v1/events", json={"token": token, "event": "later"})


@pytest.fixture
def shown(client: FlaskClient) -> Callable[[str], Any]:
    return lambda token: client.get("/w/v1/survey", query_string={"token": token})


def the_one(session: Session) -> Any:
    session.rollback()
    query = select(invitations.Invitation)
    found = session.scalars(query, execution_options={"populate_existing": True}).one()
    session.expunge(found)
    session.rollback()  # SQLite: let the others write
    return found


def test_it_is_offered_where_the_policy_says_so(
    client: FlaskClient, asked: Any, shown: Any, set_policy: Any
) -> None:
    token = asked()
    assert shown(token).json["offers"] == ["later"]
    assert shown(token).json["words"]["later"] == "Remind me later"
    set_policy(remind_later=None)
    assert "offers" not in shown(token).json
    set_policy("order-nps", remind_later=1)
    assert shown(token).json["offers"] == ["later"]


def test_it_comes_again_when_the_time_is_over_and_once_only(
    client: FlaskClient,
    asked: Any,
    later: Any,
    shown: Any,
    time: clock.FixedClock,
    session: Session,
    company: workspaces.Workspace,
) -> None:
    token = asked()
    kid, secret = workspaces.signing_key(session, company.workspace_id)
    pseudonym = workspaces.pseudonym_of(company, "c-1")
    customer = signing.sign_customer(kid, secret, pseudonym, time() + timedelta(days=9), time())
    assert client.get("/w/v1/survey", query_string={"customer": customer}).status_code == 200
    assert later(token).status_code == 202
    assert shown(token).status_code == 204
    assert client.get("/w/v1/survey", query_string={"customer": customer}).status_code == 204
    time.move(days=1, hours=23)
    assert later(token).status_code == 202, "a retry, or another tab"
    assert shown(token).status_code == 204
    time.move(hours=1)
    again = shown(token)
    assert (again.status_code, "offers" in again.json) == (200, False)
    by_customer = client.get("/w/v1/survey", query_string={"customer": customer})
    assert (by_customer.status_code, "offers" in by_customer.json) == (200, False)
    refused = later(token)
    assert (refused.status_code, refused.json["code"]) == (409, "not_put_off")
    assert the_one(session).state == "open"


def test_why_nothing_is_shown_is_told_to_the_developer(
    client: FlaskClient, asked: Any, later: Any, shown: Any
) -> None:
    token = asked()
    later(token)
    told = client.get(
        "/w/v1/survey", query_string={"token": token}, headers={"Origin": "http://localhost:3000"}
    )
    assert (
        told.headers["Afterword-Why"]
        == "later: the customer put it off; it is asked again from 2026-11-04T10:00:00Z"
    )


@pytest.mark.parametrize(("days", "life"), [(None, 30), (2, 2)])
def test_what_its_policy_or_its_life_does_not_allow_is_refused(
    asked: Any, later: Any, shown: Any, session: Session, time: clock.FixedClock, days: int | None, life: int
) -> None:
    expires_at = clock.iso(time() + timedelta(days=life))
    token = asked(days, expires_at=expires_at)
    assert "offers" not in shown(token).json
    refused = later(token)
    assert (refused.status_code, refused.json["code"]) == (409, "not_put_off")
    assert the_one(session).later_at is None


def test_who_opens_the_link_may_answer_at_once(
    client: FlaskClient, asked: Any, later: Any, answer: Any, session: Session
) -> None:
    token = asked()
    later(token)
    assert 'name="answers.score"' in client.get(f"/s/{token}").text
    assert answer(token, score=9).status_code == 201
    assert later(token).status_code == 202
    assert the_one(session).state == "answered"


def test_it_expires_as_it_would_have(asked: Any, later: Any, shown: Any, time: clock.FixedClock) -> None:
    token = asked(expires_at=clock.iso(time() + timedelta(days=3)))
    later(token)
    time.move(days=3)
    assert (shown(token).status_code, shown(token).json["code"]) == (410, "invitation_expired")


def test_why_and_the_funnel_have_a_word_of_their_own(
    client: FlaskClient,
    asked: Any,
    later: Any,
    session: Session,
    company: workspaces.Workspace,
    time: clock.FixedClock,
) -> None:
    later(asked())
    workspaces.add_person(
        session, company.workspace_id, "ada@example.org", "Ada", "correct horse battery", time()
    )
    session.commit()
    form = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
    assert form
    client.post(
        "/sign-in", data={"email": "ada@example.org", "password": "correct horse battery", "csrf": form[1]}
    )
    page = client.get("/why?customer=c-1").text
    assert "put off by the customer on" in page
    assert "declined" not in page
    german = client.get("/why?customer=c-1", headers={"Accept-Language": "de"}).text
    assert "vom Kunden am" in german
    chosen = sources.Chosen(Period(time().date(), time().date()))
    wid = company.workspace_id
    assert sources.put_off(session, wid, chosen, "order-confirmed") == 1
    assert sources.put_off(session, wid, chosen, "installed") == 0
    assert sources.funnel(session, wid, chosen, ["order-confirmed"]) == {
        "order-confirmed": sources.Funnel(1, 1, 0)
    }


def test_two_at_once_put_it_off_once_and_an_answer_beside_them_stands(
    engine: Engine, asked: Any, answer: Any, session: Session, time: clock.FixedClock
) -> None:
    token, now = asked(), time()
    start = Barrier(8)
    sessions = db.make_sessions(engine)

    def put_off(minute: int) -> str:
        start.wait(timeout=30)
        try:
            with sessions.begin() as own:
                invitations.note(own, token, "later", now + timedelta(minutes=minute))
            return "put off"
        except errors.AfterwordError as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(put_off, range(8)))
    assert found == ["put off"] * 8
    row = the_one(session)
    assert row.not_before - row.later_at == timedelta(days=2)
    assert (row.state, row.shown_at) == ("open", row.later_at)
    assert answer(token, score=3).status_code == 201
    assert the_one(session).state == "answered"
