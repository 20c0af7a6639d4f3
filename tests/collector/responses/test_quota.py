"""A quota closes exactly, under as many answers at once as may come."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

Headers = dict[str, dict[str, str]]
NPS = {
    "key": "order-nps", "template": "nps", "touchpoint": "order-confirmed", "journey": "first-order", "subject": "Example Telecom",
    "mode": "temporary",
}  # fmt: skip


def test_twenty_answers_at_once_fill_ten_places(
    app: Flask, client: FlaskClient, trigger: Any, keys: Headers
) -> None:
    client.post("/api/v1/surveys/apply", json={"surveys": [{**NPS, "quota": 10}]}, headers=keys["admin"])
    tokens = [trigger(transaction=f"order-{n}")["invitation"]["token"] for n in range(20)]
    start, statuses = threading.Barrier(20), Counter[tuple[int, str | None]]()

    def submit(token: str) -> None:
        body = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}}
        with app.test_client() as own:
            start.wait()
            while (given := own.post("/w/v1/responses", json=body)).status_code == 503:
                pass
        statuses[given.status_code, given.json.get("code")] += 1

    threads = [threading.Thread(target=submit, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == {(201, None): 10, (410, "survey_closed"): 10}
    shown = client.get("/api/v1/surveys/order-nps", headers=keys["read"]).json
    assert (shown["quota"], shown["answered"]) == (10, 10)
    assert trigger(transaction="order-99")["reason"] == "quota"


def test_more_of_an_answer_takes_no_second_place(
    client: FlaskClient, trigger: Any, answer: Any, keys: Headers
) -> None:
    client.post("/api/v1/surveys/apply", json={"surveys": [{**NPS, "quota": 1}]}, headers=keys["admin"])
    token = trigger(transaction="order-1")["invitation"]["token"]
    first = answer(token, score=9)
    more = answer(token, response_id=first.json["response_id"], score=9, comment="Quick!", complete=True)
    assert (first.status_code, more.status_code) == (201, 200)


def test_a_larger_quota_opens_it_again(client: FlaskClient, trigger: Any, answer: Any, keys: Headers) -> None:
    for quota, transaction in ((1, "order-1"), (2, "order-2")):
        client.post(
            "/api/v1/surveys/apply", json={"surveys": [{**NPS, "quota": quota}]}, headers=keys["admin"]
        )
        assert answer(trigger(transaction=transaction)["invitation"]["token"], score=9).status_code == 201


def test_volunteered_feedback_needs_no_place(
    client: FlaskClient, trigger: Any, answer: Any, keys: Headers
) -> None:
    client.post("/api/v1/surveys/apply", json={"surveys": [{**NPS, "quota": 1}]}, headers=keys["admin"])
    answer(trigger(transaction="order-1")["invitation"]["token"], score=9)
    key = keys["publishable"]["Authorization"].removeprefix("Bearer ")
    form = client.get("/w/v1/survey", query_string={"key": key, "touchpoint": "order-confirmed"})
    assert answer(form.json["token"], score=2).status_code == 201
