"""204: there is nothing to ask, and nothing is said about a body that is not there."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient


def _nothing(answer: Any) -> bool:
    headers = {name.lower() for name, _ in answer.headers}
    return answer.status_code == 204 and answer.data == b"" and "content-type" not in headers


def test_a_delayed_question_is_not_asked_yet(client: FlaskClient, trigger: Any) -> None:
    token = trigger(transaction="order-1", delay=3600)["invitation"]["token"]
    answer = client.get("/w/v1/survey", query_string={"token": token})
    assert _nothing(answer)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_touchpoint_without_a_survey_asks_nothing(client: FlaskClient, company: Any, keys: Any) -> None:
    key = keys["publishable"]["Authorization"].removeprefix("Bearer ")
    assert _nothing(client.get("/w/v1/survey", query_string={"key": key, "touchpoint": "unasked"}))
