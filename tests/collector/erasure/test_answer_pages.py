"""Hide or delete in the browser: one answer, and a flood of them, each seen before it goes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from browsers import PASSWORD, Browser, sign_in
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.changes import Change
from collector.responses import Response

EMAIL = "ada@example.com"


@pytest.fixture
def ada(app: Flask, session: Session, company: Any, time: clock.FixedClock) -> Browser:
    workspaces.add_person(session, company.workspace_id, EMAIL, "Ada", PASSWORD, time(), role="administrator")
    session.commit()
    return sign_in(app, EMAIL)


@pytest.fixture
def said(ada: Browser, trigger: Callable[..., Any], answer: Callable[..., Any]) -> str:
    """The path of an answer with words."""
    token, name = trigger()["invitation"]["token"], str(uuid.uuid4())
    assert answer(token, response_id=name, score=1, comment="buy my pills").status_code == 201
    return f"/answers/{name}"


def _verbs(session: Session) -> list[tuple[str, str]]:
    found = [
        (row.actor, row.verb)
        for row in session.scalars(select(Change).where(Change.noun == "response").order_by(Change.number))
    ]
    session.commit()
    return found


def test_one_answer_is_hidden_and_shown_again(ada: Browser, session: Session, said: str) -> None:
    assert said in ada.get("/touchpoints/order-confirmed").text
    assert "buy my pills" in ada.get(said).text
    assert ada.post(f"{said}/hide", said, hidden="yes").location == said
    assert "buy my pills" not in ada.get("/touchpoints/order-confirmed").text
    ada.post(f"{said}/hide", said, hidden="no")
    assert "buy my pills" in ada.get("/touchpoints/order-confirmed").text
    assert _verbs(session) == [(EMAIL, "hid"), (EMAIL, "showed")]


def test_one_answer_is_deleted(ada: Browser, session: Session, said: str) -> None:
    assert ada.post(f"{said}/delete", said).location == "/touchpoints/order-confirmed"
    assert ada.get(said).status_code == 404
    assert session.scalars(select(Response)).all() == []
    session.commit()
    assert _verbs(session) == [(EMAIL, "deleted")]


def test_a_flood_is_seen_before_it_is_hidden(ada: Browser, said: str, session: Session) -> None:
    query = "/answers?touchpoint=order-confirmed&source=solicited"
    page = ada.get(query).text
    assert "1 answer fits" in page
    assert "buy my pills" in page
    fits = {
        "touchpoint": "order-confirmed",
        "source": "solicited",
        "from": "2026-11-02T00:00",
        "to": "2026-11-02T23:59",
    }
    assert "1 answer changed" in ada.post("/answers/hide", query, **fits, hidden="yes").text
    assert session.scalars(select(Response.hidden_at)).one() is not None
    session.commit()
    assert "1 answer changed" in ada.post("/answers/hide", query, **fits, hidden="no").text
    assert "0 answers fit" in ada.get(f"{query}&to=2026-11-01T00:00").text


@pytest.mark.parametrize("wrong", [{"source": "made-up"}, {"from": "yesterday"}])
def test_what_does_not_fit_is_said_and_changes_nothing(
    ada: Browser, said: str, wrong: dict[str, str]
) -> None:
    page = ada.client.get("/answers", query_string={"touchpoint": "order-confirmed", **wrong})
    assert (page.status_code, "Nothing was changed" in page.text) == (422, True)
