"""A flood of feedback that nobody asked for is kept and held apart, told, and let in or thrown away by who is in charge."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import quick
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from collector import changes, clock, workspaces
from collector.config import Config
from collector.invitations.models import Invitation
from collector.responses import HeldResponse, Response, flooding, holding

PAGE = "https://shop.example/checkout/done"
Volunteer = Callable[..., Any]


@pytest.fixture
def volunteer(client: FlaskClient, session: Session, company: Any, time: Any) -> Volunteer:
    """``volunteer(url=PAGE)`` sends one answer that nobody asked for from a page."""
    key = workspaces.mint_key(session, company, "publishable", "site", time()).text
    session.commit()

    def call(
        touchpoint: str = "order-confirmed", url: str | None = None, sent: list[Any] | None = None
    ) -> Any:
        form = client.get("/w/v1/survey", query_string={"key": key, "touchpoint": touchpoint}).json
        body = {"token": form["token"], "response_id": str(uuid.uuid4()), "answers": {"score": 1}}
        if sent is not None:
            sent.append(body)
        return client.post("/w/v1/responses", json={**body, "context": {"url": url}} if url else body)

    return call


def stored(session: Session, table: Any) -> int:
    found = session.scalar(select(func.count()).select_from(table))
    session.rollback()
    return found or 0


def flood(volunteer: Volunteer, n: int = 25) -> None:
    for number in range(n):
        assert volunteer(url=f"{PAGE}?visit={number}").status_code == 201


def test_what_is_above_a_page_s_limit_is_kept_apart(
    volunteer: Volunteer, session: Session, client: FlaskClient, keys: Any
) -> None:
    flood(volunteer)
    most = flooding.ON_PAGE.answers
    assert (stored(session, Response), stored(session, HeldResponse)) == (most, 25 - most)
    assert volunteer(url="https://shop.example/another").status_code == 201
    assert stored(session, Response) == most + 1, "another page goes on"
    figures = client.get("/api/v1/kpis?metric=nps&source=volunteered", headers=keys["read"])
    assert sum(point["n"] for line in figures.json["series"] for point in line["points"]) == most + 1


def test_what_is_above_a_touchpoint_s_limit_is_kept_apart(
    volunteer: Volunteer, session: Session, answer: Any, trigger: Any, time: clock.FixedClock
) -> None:
    most = flooding.AT_TOUCHPOINT.answers
    assert {volunteer().status_code for _ in range(most + 3)} == {201}
    assert (stored(session, Response), stored(session, HeldResponse)) == (most, 3)
    assert volunteer("installed").status_code == 201
    assert answer(trigger(transaction="order-1")["invitation"]["token"], score=9).status_code == 201
    time.move(minutes=2)
    assert volunteer().status_code == 201
    assert (stored(session, Response), stored(session, HeldResponse)) == (most + 3, 3)


def test_the_limit_holds_to_the_one_over_several_processes(
    config: Config, engine: Engine, time: clock.FixedClock, session: Session, company: Any
) -> None:
    """Each app counts in a memory of its own, as each process would; all write into one database."""
    key = workspaces.mint_key(session, company, "publishable", "site", time()).text
    session.commit()
    most, apps = flooding.ON_PAGE.answers, [quick.app(config, engine, time) for _ in range(4)]

    def send(app: Any) -> None:
        for _ in range(most // 2):
            client = app.test_client()
            form = client.get("/w/v1/survey", query_string={"key": key, "touchpoint": "order-confirmed"}).json
            body = {"token": form["token"], "response_id": str(uuid.uuid4()), "answers": {"score": 1}}
            assert client.post("/w/v1/responses", json={**body, "context": {"url": PAGE}}).status_code == 201

    threads = [threading.Thread(target=send, args=(app,)) for app in apps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (stored(session, Response), stored(session, HeldResponse)) == (most, most)


def test_a_refused_answer_writes_nothing(volunteer: Volunteer, session: Session, monkeypatch: Any) -> None:
    monkeypatch.setattr(flooding, "HELD", flooding.Most(0, timedelta(hours=3)))
    flood(volunteer, flooding.ON_PAGE.answers)
    before = stored(session, Invitation)
    assert volunteer(url=PAGE).status_code == 429
    assert (stored(session, Invitation), stored(session, HeldResponse)) == (before, 0)


def test_a_flood_fills_no_disk(volunteer: Volunteer, session: Session, monkeypatch: Any) -> None:
    monkeypatch.setattr(flooding, "HELD", flooding.Most(2, timedelta(hours=3)))
    flood(volunteer, flooding.ON_PAGE.answers + 2)
    refused = volunteer(url=PAGE)
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"]


def test_the_customer_s_retry_and_comment_find_the_held_answer(
    client: FlaskClient, volunteer: Volunteer, session: Session
) -> None:
    flood(volunteer, flooding.ON_PAGE.answers)
    sent: list[Any] = []
    first = volunteer(url=PAGE, sent=sent)
    [body] = sent
    again = client.post("/w/v1/responses", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    more = client.post("/w/v1/responses", json={**body, "answers": {"comment": "It hung"}, "complete": True})
    assert more.status_code == 200
    [row] = session.scalars(select(HeldResponse))
    assert (row.answers["score"], row.comment, row.complete) == (1, "It hung", True)
    session.rollback()
    other = client.post(
        "/w/v1/responses", json={**body, "response_id": "7e0a4a1e-0000-4000-8000-000000000001"}
    )
    assert other.json["code"] == "already_answered"


def test_that_it_began_is_in_the_record_once(volunteer: Volunteer, session: Session, company: Any) -> None:
    flood(volunteer)
    wanted = changes.Wanted(noun="feedback")
    told = list(changes.every(session, company.workspace_id, wanted))
    session.rollback()
    assert [(row.verb, row.key, row.after["limit"]) for row in told] == [("held", "order-confirmed", "page")]


def test_it_is_let_in_or_thrown_away_by_call(
    volunteer: Volunteer, client: FlaskClient, session: Session, keys: Any
) -> None:
    flood(volunteer)
    shown = client.get("/api/v1/held-responses?limit=2", headers=keys["admin"]).json
    assert [row["page"] for row in shown["responses"]] == ["shop.example/checkout/done"] * 2
    ids = [row["response_id"] for row in shown["responses"]]
    rest = client.get(f"/api/v1/held-responses?cursor={shown['next']}", headers=keys["admin"]).json
    assert len(rest["responses"]) == 3
    body = {"touchpoint": "order-confirmed", "response_ids": ids}
    assert client.post("/api/v1/held-responses/release", json=body, headers=keys["admin"]).json == {
        "answers": 2
    }
    assert stored(session, Response) == 22
    gone = client.post(
        "/api/v1/held-responses/discard", json={"touchpoint": "order-confirmed"}, headers=keys["admin"]
    )
    assert gone.json == {"answers": 3}
    assert (stored(session, Response), stored(session, HeldResponse)) == (22, 0)


def test_it_is_told_on_the_touchpoint_s_page_with_buttons(
    volunteer: Volunteer, client: FlaskClient, session: Session, company: Any, time: clock.FixedClock
) -> None:
    flood(volunteer)
    workspaces.add_person(
        session, company.workspace_id, "e@example.com", "Eve", "a long password", time(), "editor"
    )
    session.commit()
    form = {"csrf": token(client, "/sign-in"), "email": "e@example.com", "password": "a long password"}
    assert client.post("/sign-in", data=form).status_code == 303
    for page in ("/touchpoints/order-confirmed", "/journeys"):
        assert "5 answers that nobody asked for are held apart" in client.get(page).text
    assert "held apart" not in client.get("/touchpoints/installed").text
    page = client.get("/answers/held").text
    one = re.search(r'name="response" value="([^"]+)"', page)
    assert one
    given = {"csrf": token(client, "/answers/held"), "touchpoint": "order-confirmed"}
    assert (
        client.post("/answers/held", data={**given, "do": "release", "response": one[1]}).status_code == 303
    )
    assert stored(session, Response) == 21
    assert client.post("/answers/held", data={**given, "do": "discard"}).status_code == 303
    assert (stored(session, Response), stored(session, HeldResponse)) == (21, 0)
    assert "Nothing is held" in client.get("/answers/held").text


def token(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(address).text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("url", "page"),
    [(PAGE, "shop.example/checkout/done"), ("https://a.b/?x=1", "a.b"), ("", ""), ("http://[", "http://[")],
)
def test_a_page_is_counted_by_host_and_path(url: str, page: str) -> None:
    assert holding.page_of(url) == page
