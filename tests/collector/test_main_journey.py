"""The main job over HTTP, on both databases: one order, one question, one answer, one figure."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

Headers = dict[str, dict[str, str]]


def test_an_order_becomes_a_question_an_answer_and_a_figure(
    client: FlaskClient, trigger: Callable[..., Any], keys: Headers
) -> None:
    decision = trigger(transaction="order-991", locale="de", channel="web")
    assert (decision["decision"], decision["reason"]) == ("invite", "invited")
    token = decision["invitation"]["token"]
    assert decision["invitation"]["url"] == f"http://127.0.0.1:8400/s/{token}"

    survey = client.get("/w/v1/survey", query_string={"token": token})
    assert survey.status_code == 200, survey.text
    assert (survey.json["locale"], survey.json["touchpoint"]) == ("de", "order-confirmed")
    assert "Example Telecom" in survey.json["questions"][0]["text"]

    response_id = str(uuid.uuid4())
    body = {"token": token, "response_id": response_id, "answers": {"score": 9}}
    assert client.post("/w/v1/responses", json=body).status_code == 201
    body = {**body, "answers": {"score": 9, "comment": "Schnell!"}, "complete": True}
    assert client.post("/w/v1/responses", json=body).status_code == 200
    assert client.get("/w/v1/survey", query_string={"token": token}).status_code == 410

    figures = client.get(
        "/api/v1/kpis", query_string={"metric": "nps", "touchpoint": "order-confirmed"}, headers=keys["read"]
    )
    assert figures.status_code == 200, figures.text
    point = figures.json["series"][0]["points"][0]
    assert (point["n"], point["score"], point["counts"]["9"]) == (1, 100.0, 1)
    assert point["low"] < 100 == point["high"]
