"""An answer is kept at the first click, added to later, and never twice."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.kpis import rollups
from collector.kpis.models import Rollup
from collector.responses import Response

Trigger = Callable[..., dict[str, Any]]
Answer = Callable[..., Any]


@pytest.fixture
def token(trigger: Trigger) -> str:
    return str(trigger(transaction="order-1", persona="renter", channel="web")["invitation"]["token"])


def test_it_keeps_the_score_at_the_first_click(token: str, answer: Answer, session: Session) -> None:
    assert answer(token, score=9).status_code == 201
    row = session.scalars(select(Response)).one()
    assert (row.score, row.complete, row.comment) == (9, False, None)


def test_it_is_tagged_with_everything_it_belongs_to(token: str, answer: Answer, session: Session) -> None:
    answer(token, score=9)
    row = session.scalars(select(Response)).one()
    assert (row.touchpoint, row.journey, row.journey_version) == ("order-confirmed", "first-order", 1)
    assert (row.channel, row.persona, row.metric, row.source) == ("web", "renter", "nps", "solicited")
    assert row.journey_instance
    assert row.customer
    assert row.customer.startswith("cu_")


def test_no_answer_is_lost_for_a_label_of_the_page_that_is_too_long(
    client: FlaskClient, token: str, session: Session
) -> None:
    labels = {"mode": "bottom-right-corner", "context": {"element": "main > " * 50, "url": "/" * 900}}
    body = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}, **labels}
    assert client.post("/w/v1/responses", json=body).status_code == 201
    kept = session.scalars(select(Response)).one().context
    assert kept["mode"] == "bottom-right-cor"
    assert (len(kept["element"]), len(kept["url"])) == (200, 500)


def test_a_comment_joins_the_same_response(token: str, answer: Answer, session: Session) -> None:
    response_id = str(uuid.uuid4())
    answer(token, response_id, score=9)
    more = answer(token, response_id, complete=True, comment="  Quick!\r\nThanks \x07")
    assert (more.status_code, more.json["answers"], more.json["complete"]) == (
        200,
        ["comment", "score"],
        True,
    )
    row = session.scalars(select(Response)).one()
    assert (row.score, row.comment) == (9, "Quick!\nThanks")
    assert row.comment_stems in {" quick thanks ", " quick thank "}


def test_the_same_again_changes_nothing(token: str, answer: Answer, session: Session) -> None:
    response_id = str(uuid.uuid4())
    statuses = [answer(token, response_id, score=9).status_code for _ in range(3)]
    assert statuses == [201, 200, 200]
    assert len(session.scalars(select(Response)).all()) == 1


def test_complete_never_becomes_incomplete(token: str, answer: Answer) -> None:
    response_id = str(uuid.uuid4())
    answer(token, response_id, complete=True, score=9)
    assert answer(token, response_id, score=9).json["complete"] is True


def test_it_keeps_the_first_answer(
    token: str, answer: Answer, session: Session, time: clock.FixedClock
) -> None:
    response_id = str(uuid.uuid4())
    answer(token, response_id, score=9)
    time.move(seconds=30)
    refused = answer(token, response_id, score=2, comment="no")
    assert (refused.status_code, refused.json["code"]) == (409, "answer_conflict")
    assert list(refused.json["fields"]) == ["answers.score"]
    row = session.scalars(select(Response)).one()
    assert (row.score, row.comment) == (9, None)


def test_a_second_thought_changes_the_score_for_half_a_minute(
    token: str, answer: Answer, session: Session, time: clock.FixedClock
) -> None:
    response_id = str(uuid.uuid4())
    answer(token, response_id, score=2)
    assert rollups.count(session, time()) == 0, "a score that may change is not counted yet"
    session.rollback()
    time.move(seconds=29)
    assert answer(token, response_id, score=9).status_code == 200
    time.move(seconds=1)
    assert answer(token, response_id, score=3).status_code == 409
    assert rollups.count(session, time()) == 1
    assert session.scalars(select(Rollup.score)).all() == [9]


@pytest.mark.parametrize("went_on", [{"comment": "Quick"}, {"complete": True}])
def test_going_on_settles_the_score(token: str, answer: Answer, went_on: dict[str, Any]) -> None:
    response_id = str(uuid.uuid4())
    answer(token, response_id, score=2)
    assert answer(token, response_id, score=9, **went_on).status_code == 200, "Send takes the last choice"
    assert answer(token, response_id, score=3).status_code == 409


def test_a_second_response_to_one_invitation_is_refused(token: str, answer: Answer) -> None:
    answer(token, score=9)
    refused = answer(token, score=9)
    assert (refused.status_code, refused.json["code"]) == (409, "already_answered")


def test_an_id_that_belongs_to_another_invitation_is_refused(
    token: str, trigger: Trigger, answer: Answer
) -> None:
    response_id = str(uuid.uuid4())
    other = trigger(transaction="order-2")["invitation"]["token"]
    assert answer(token, response_id, score=9).status_code == 201
    assert answer(other, response_id, score=1).status_code == 409


def test_ten_tabs_at_once_leave_one_answer(app: Flask, token: str, session: Session) -> None:
    statuses: list[int] = []

    def click() -> None:
        body = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}}
        statuses.append(app.test_client().post("/w/v1/responses", json=body).status_code)

    threads = [threading.Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201] + [409] * 9
    assert len(session.scalars(select(Response)).all()) == 1


def test_plain_text_is_read_as_json_so_that_no_preflight_is_needed(client: FlaskClient, token: str) -> None:
    body = f'{{"token": "{token}", "response_id": "{uuid.uuid4()}", "answers": {{"score": 9}}}}'
    sent = client.post("/w/v1/responses", data=body, content_type="text/plain;charset=UTF-8")
    assert sent.status_code == 201
    assert sent.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in sent.headers


def test_a_question_goes_on_where_it_was_left(client: FlaskClient, token: str, answer: Answer) -> None:
    response_id = str(uuid.uuid4())
    answer(token, response_id, score=9)
    survey = client.get("/w/v1/survey", query_string={"token": token}).json
    assert survey["answered"]["response_id"] == response_id
    assert survey["answered"]["answers"] == {"score": 9}


def test_an_expired_link_is_gone(
    client: FlaskClient, token: str, answer: Answer, time: clock.FixedClock
) -> None:
    time.move(days=40)
    refused = answer(token, score=9)
    assert (refused.status_code, refused.json["code"]) == (410, "invitation_expired")
    assert client.get("/w/v1/survey", query_string={"token": token}).status_code == 410
