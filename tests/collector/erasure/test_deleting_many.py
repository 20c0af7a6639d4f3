"""Deleting all that fit: a thousand at a time, by two at once, cut off in the middle and begun again; figures stay right."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from browsers import PASSWORD, Browser, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from collector import clock, db, workspaces
from collector.changes import Change
from collector.erasure import answers
from collector.kpis import Rollup, rollups
from collector.responses import Response

Headers = dict[str, dict[str, str]]
SPAM = 7


@pytest.fixture
def flood(
    session: Session, trigger: Callable[..., Any], answer: Callable[..., Any], time: clock.FixedClock
) -> dict[str, str]:
    """Counted answers that nobody wants, and one from later that stays; what tells them apart."""
    since = time()
    for number in range(SPAM):
        answer(trigger()["invitation"]["token"], score=0, comment=f"spam {number}", complete=True)
    until = time.move(hours=1)
    answer(trigger()["invitation"]["token"], score=9, comment="thank you", complete=True)
    rollups.count(session, time.move(minutes=5))
    session.commit()
    where = {"touchpoint": "order-confirmed", "source": "solicited"}
    return where | {"from": clock.iso(since), "to": clock.iso(until - timedelta(minutes=1))}


def _delete(client: FlaskClient, keys: Headers, where: dict[str, str]) -> dict[str, int]:
    answer = client.delete("/api/v1/responses", query_string=where, headers=keys["admin"])
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def _left(session: Session) -> tuple[list[str | None], int]:
    """(comments that stand, answers in the figures)"""
    found = list(session.scalars(select(Response.comment))), session.scalar(select(func.sum(Rollup.n)))
    session.rollback()
    return found[0], found[1] or 0


def test_they_go_so_many_at_a_time_and_out_of_the_figures(
    client: FlaskClient,
    session: Session,
    keys: Headers,
    flood: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answers, "AT_ONCE", 4)
    assert _delete(client, keys, flood) == {"answers": 4, "left": 3}
    assert _left(session)[1] == 4
    assert _delete(client, keys, flood) == {"answers": 3, "left": 0}
    assert _delete(client, keys, flood) == {"answers": 0, "left": 0}  # a retry finds nothing
    assert _left(session) == (["thank you"], 1)
    noted = session.scalars(select(Change).where(Change.noun == "response").order_by(Change.number)).all()
    assert [(each.verb, each.key, each.after) for each in noted] == [
        ("deleted", "order-confirmed", {"answers": 4}),
        ("deleted", "order-confirmed", {"answers": 3}),
    ]


def test_of_two_at_once_each_answer_goes_once(
    app: Flask, session: Session, keys: Headers, flood: dict[str, str]
) -> None:
    gone: list[int] = []
    both = [
        threading.Thread(target=lambda: gone.append(_delete(app.test_client(), keys, flood)["answers"]))
        for _ in range(3)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    assert sorted(gone) == [0, 0, SPAM]
    assert _left(session) == (["thank you"], 1)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_is_cut_off_in_the_middle_has_deleted_nothing(
    engine: Engine,
    client: FlaskClient,
    session: Session,
    company: workspaces.Workspace,
    keys: Headers,
    flood: dict[str, str],
    time: clock.FixedClock,
) -> None:
    workspace_id = company.workspace_id
    session.commit()
    with db.make_sessions(engine)() as cut:
        which = Response.touchpoint == "order-confirmed"
        assert answers.remove_fitting(cut, workspace_id, which, "tests", time()) == (SPAM + 1, 0)
        process = cut.scalar(select(func.pg_backend_pid()))
        session.execute(text("SELECT pg_terminate_backend(:process, 20000)"), {"process": process})
        session.commit()
        with pytest.raises(DBAPIError):
            cut.commit()
    assert _left(session)[1] == SPAM + 1
    assert _delete(client, keys, flood) == {"answers": SPAM, "left": 0}
    assert _left(session) == (["thank you"], 1)


def test_the_page_deletes_once_somebody_is_sure(
    app: Flask, session: Session, company: Any, flood: dict[str, str], time: clock.FixedClock
) -> None:
    workspaces.add_person(
        session, company.workspace_id, "ada@example.com", "Ada", PASSWORD, time(), role="editor"
    )
    session.commit()
    ada = sign_in(app, "ada@example.com")
    form = flood | {name: flood[name][:16] for name in ("from", "to")}
    query = "/answers?" + "&".join(f"{name}={value}" for name, value in form.items())
    assert f"{SPAM} answers fit" in ada.get(query).text
    ada.post("/answers/delete", query, **form)
    assert _left(session)[1] == SPAM + 1
    page = ada.post("/answers/delete", query, **form, sure="yes").text
    assert f"{SPAM} answers deleted." in page
    assert _left(session) == (["thank you"], 1)


def test_a_customer_is_erased_in_the_browser_for_a_receipt(
    app: Flask,
    session: Session,
    company: Any,
    trigger: Callable[..., Any],
    answer: Callable[..., Any],
    time: clock.FixedClock,
) -> None:
    answer(trigger(customer="c-4711")["invitation"]["token"], score=1, comment="never again")
    workspaces.add_person(
        session, company.workspace_id, "ada@example.com", "Ada", PASSWORD, time(), role="administrator"
    )
    session.commit()
    ada: Browser = sign_in(app, "ada@example.com")
    found = "/customers?customer=c-4711"
    assert "never again" in ada.get(found).text
    assert ada.post("/customers/erase", found, customer="c-4711").status_code == 422
    told = ada.post("/customers/erase", found, customer="c-4711", sure="yes")
    assert told.status_code == 303
    receipt = ada.get(told.location).text
    number = told.location.partition("=")[2]
    assert number in receipt
    assert "c-4711" not in receipt
    assert "Ada" in receipt
    assert "never again" not in ada.get(found).text
    assert number in ada.get("/erasures").text
    assert "No such receipt" in ada.get("/erasures?number=none").text
