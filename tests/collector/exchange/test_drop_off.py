"""Who leaves without finishing: asked once, never after all, and counted where they left."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, invitations, journeys, surveys
from collector.surveys.schemas import SurveysIn

Headers = dict[str, dict[str, str]]
BASKET = {"key": "basket", "name": "Basket", "channel": "web"}
EXIT = {"key": "basket-exit", "template": "exit", "touchpoint": "basket", "subject": "the shop"}
HOUR = 3600


@pytest.fixture
def shop(session: Session, company: Any, time: clock.FixedClock) -> None:
    """A basket where whoever leaves is asked why."""
    journeys.apply(session, company.workspace_id, {"touchpoints": [BASKET]}, "tests", time())
    entries = SurveysIn().load({"surveys": [EXIT]})["surveys"]
    surveys.apply(session, company.workspace_id, entries, "tests", time())
    session.commit()


@pytest.fixture
def step(client: FlaskClient, keys: Headers, company: Any) -> Callable[..., None]:
    """``step("c-1", "order-confirmed")``: a customer comes by a touchpoint of the journey."""

    def call(customer: str, touchpoint: str, **more: Any) -> None:
        item = {"customer": customer, "touchpoint": touchpoint, "journey": "first-order", **more}
        sent = client.post("/api/v1/interactions", json={"interactions": [item]}, headers=keys["server"])
        assert sent.json["accepted"] == 1, sent.text

    return call


@pytest.fixture
def report(client: FlaskClient, keys: Headers) -> Callable[..., list[dict[str, Any]]]:
    def call(**query: str) -> list[dict[str, Any]]:
        asked = {"journey": "first-order", **query}
        got = client.get("/api/v1/exports/drop-off.jsonl", query_string=asked, headers=keys["read"])
        assert got.status_code == 200, got.text
        return [json.loads(line) for line in got.text.splitlines()]

    return call


def test_req_132_who_leaves_the_basket_is_asked_once(
    client: FlaskClient, shop: None, trigger: Any, answer: Any, session: Session, time: clock.FixedClock
) -> None:
    asked = trigger(touchpoint="basket", journey=None, customer="c-1", transaction="basket-1", delay=HOUR, cancel_on=["ordered"])  # fmt: skip
    time.move(hours=1)
    assert invitations.open_due(session, time()) == 1
    session.commit()
    shown = client.get("/w/v1/survey", query_string={"token": asked["invitation"]["token"]})
    assert shown.json["questions"][0]["kind"] == "goal"
    client.post("/w/v1/events", json={"token": shown.json["token"], "event": "dismissed"})
    again = trigger(touchpoint="basket", journey=None, customer="c-1", transaction="basket-2", delay=HOUR)
    assert again["reason"] == "quarantine"


def test_req_132_who_orders_after_all_is_not_asked(
    client: FlaskClient, keys: Headers, shop: None, trigger: Any, step: Any, time: clock.FixedClock
) -> None:
    asked = trigger(touchpoint="basket", journey=None, customer="c-1", transaction="basket-1", delay=HOUR, cancel_on=["ordered"])  # fmt: skip
    time.move(minutes=20)
    step("c-1", "order-confirmed", event="ordered", transaction="basket-1")
    time.move(hours=1)
    shown = client.get("/w/v1/survey", query_string={"token": asked["invitation"]["token"]})
    assert shown.status_code in {204, 410}
    told = client.get("/api/v1/decisions?transaction=basket-1", headers=keys["read"])
    assert told.json["decisions"][0]["reason"] == "cancelled"


def test_req_132_abandonment_is_told_as_a_whole_and_by_step(
    step: Any, report: Any, time: clock.FixedClock
) -> None:
    for customer in ("c-1", "c-2", "c-3", "c-4"):
        step(customer, "order-confirmed")
    step("c-1", "installed")
    time.move(days=31)
    step("c-5", "order-confirmed")
    whole, first, last = report()
    assert (whole["touchpoint"], whole["visited"], whole["left"], whole["share"]) == ("", 4, 3, 75.0)
    assert (first["touchpoint"], first["visited"], first["left"]) == ("order-confirmed", 4, 3)
    assert (last["touchpoint"], last["visited"], last["left"]) == ("installed", 1, 0)
    assert whole["low"] < 75 < whole["high"]


def test_a_trigger_shows_that_somebody_came(trigger: Any, report: Any, time: clock.FixedClock) -> None:
    trigger(customer="c-1")
    time.move(days=31)
    whole, *_ = report()
    assert (whole["visited"], whole["left"]) == (1, 1)


def test_an_answer_that_comes_later_is_not_where_somebody_left(
    trigger: Any, answer: Any, step: Any, report: Any, time: clock.FixedClock
) -> None:
    token = trigger(customer="c-1")["invitation"]["token"]
    time.move(hours=1)
    step("c-1", "invoice")
    time.move(hours=1)
    answer(token, score=9)
    time.move(days=31)
    left = {row["touchpoint"]: row["left"] for row in report()}
    assert left == {"": 1, "order-confirmed": 0, "invoice": 1}


def test_nobody_is_no_share_and_an_unknown_journey_is_none(
    client: FlaskClient, company: Any, keys: Headers, report: Any
) -> None:
    assert report() == [{"touchpoint": "", "visited": 0, "left": 0, "share": None, "low": None, "high": None}]
    unknown = client.get("/api/v1/exports/drop-off.csv?journey=nowhere", headers=keys["read"])
    assert (unknown.status_code, unknown.json["code"]) == (404, "unknown_journey")


def test_the_report_is_about_those_who_began_in_the_period(
    step: Any, report: Any, time: clock.FixedClock
) -> None:
    step("c-1", "order-confirmed")
    time.move(days=40)
    assert report(to="2026-11-01")[0]["visited"] == 0
    assert report(to="2026-11-02", **{"from": "2026-11-02"})[0]["visited"] == 1
