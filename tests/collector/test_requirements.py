"""Core demands that several stations meet together, shown over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, journeys, surveys
from collector.instruments import files
from collector.interactions import Interaction
from collector.responses import Response
from collector.surveys.schemas import SurveysIn

Headers = dict[str, dict[str, str]]
Trigger = Callable[..., dict[str, Any]]
Answer = Callable[..., Any]


def _n(client: FlaskClient, keys: Headers, **query: str) -> int:
    got = client.get("/api/v1/kpis", query_string={"metric": "nps", **query}, headers=keys["read"])
    assert got.status_code == 200, got.text
    return sum(int(series["points"][0]["n"]) for series in got.json["series"])


def test_req_015_answers_of_one_touchpoint_stay_separable_by_journey(
    client: FlaskClient, session: Session, company: Any, time: clock.FixedClock, trigger: Trigger, answer: Answer, keys: Headers
) -> None:  # fmt: skip
    second = {
        "key": "second-line", "name": "Second line", "definition": "From the wish to the line", "customer_goal": "A line",
        "business_goal": "Growth",
        "phases": [{"name": "Order", "steps": [
            {"key": "confirmed", "name": "Confirmed", "touchpoint": "order-confirmed"},
            {"key": "visit", "name": "Visit", "touchpoint": "installed"}]}],
    }  # fmt: skip
    journeys.apply(session, company.workspace_id, {"journeys": [second]}, "tests", time())
    entry = {
        "key": "second-nps",
        "template": "nps",
        "subject": "Example Telecom",
        "touchpoint": "order-confirmed",
        "journey": "second-line",
    }
    surveys.apply(
        session, company.workspace_id, SurveysIn().load({"surveys": [entry]})["surveys"], "tests", time()
    )
    session.commit()
    for journey, scores in (("first-order", [9, 9]), ("second-line", [2])):
        for score in scores:
            token = trigger(journey=journey, transaction=f"{journey}-{uuid.uuid4()}")["invitation"]["token"]
            assert answer(token, score=score).status_code == 201
    assert _n(client, keys, journey="first-order") == 2
    assert _n(client, keys, journey="second-line") == 1
    assert _n(client, keys, touchpoint="order-confirmed") == 3


def test_req_016_an_event_at_an_unknown_touchpoint_is_kept_as_unassigned(
    client: FlaskClient, session: Session, company: Any, keys: Headers
) -> None:
    items = [
        {"touchpoint": "branch-office", "customer": "c-1"},
        {"touchpoint": "installed", "customer": "c-1"},
    ]
    client.post("/api/v1/interactions", json={"interactions": items}, headers=keys["server"])
    kept = {row.touchpoint: row.known_touchpoint for row in session.scalars(select(Interaction))}
    assert kept == {"branch-office": False, "installed": True}


def test_req_020_emotion_is_five_labelled_steps_from_minus_two_to_two() -> None:
    question = files.template("emotion").questions[0]
    assert (question.min, question.max) == (-2, 2)
    assert all(len(wording.labels) == 5 for wording in question.wording.values())


def test_req_048_a_permanent_survey_is_one_score_and_one_comment_without_an_end(
    session: Session, company: Any, time: clock.FixedClock
) -> None:
    survey = surveys.get(session, company.workspace_id, "order-nps")
    assert (survey.mode, survey.ends_at, survey.quota) == ("permanent", None, None)
    time.move(days=3650)
    published = surveys.at_touchpoint(session, company.workspace_id, "order-confirmed", None, time())
    assert published is not None
    assert [question.id for question in published.template.questions] == ["score", "comment"]


def test_req_059_a_touchpoint_that_is_switched_off_asks_nobody(trigger: Trigger) -> None:
    decision = trigger(touchpoint="silent", journey=None)
    assert (decision["decision"], decision["reason"]) == ("skip", "disabled")


def test_req_060_without_a_finished_transaction_nobody_is_asked(
    client: FlaskClient, company: Any, keys: Headers
) -> None:
    step = {"touchpoint": "order-confirmed", "journey": "first-order", "customer": "c-1"}
    client.post("/api/v1/interactions", json={"interactions": [step]}, headers=keys["server"])
    assert client.get("/api/v1/decisions?customer=c-1", headers=keys["server"]).json["decisions"] == []


def test_req_063_behaviour_and_answer_join_by_the_journey_instance(
    client: FlaskClient,
    session: Session,
    trigger: Trigger,
    answer: Answer,
    keys: Headers,
    time: clock.FixedClock,
) -> None:
    step = {"touchpoint": "order-confirmed", "journey": "first-order", "customer": "c-9", "event": "visited"}
    client.post("/api/v1/interactions", json={"interactions": [step]}, headers=keys["server"])
    time.move(days=3)
    answer(trigger(customer="c-9")["invitation"]["token"], score=9)
    behaved = session.scalars(select(Interaction.journey_instance)).one()
    assert behaved
    assert session.scalars(select(Response.journey_instance)).one() == behaved


def test_req_028_an_instance_spans_days_and_channels(client: FlaskClient, session: Session, company: Any, keys: Headers, time: clock.FixedClock) -> None:  # fmt: skip
    web = {"touchpoint": "order-confirmed", "journey": "first-order", "customer": "c-9", "channel": "web"}
    client.post("/api/v1/interactions", json={"interactions": [web]}, headers=keys["server"])
    time.move(days=19)
    phone = {"touchpoint": "installed", "journey": "first-order", "customer": "c-9", "channel": "phone"}
    client.post("/api/v1/interactions", json={"interactions": [phone]}, headers=keys["server"])
    assert len(set(session.scalars(select(Interaction.journey_instance)))) == 1


def test_req_121_an_interaction_is_recorded_once(client: FlaskClient, company: Any, keys: Headers) -> None:
    item = {"touchpoint": "installed", "interaction_id": str(uuid.uuid4())}
    sent = [
        client.post("/api/v1/interactions", json={"interactions": [item]}, headers=keys["server"])
        for _ in range(2)
    ]
    assert [answered.json for answered in sent] == [
        {"accepted": 1, "duplicates": 0},
        {"accepted": 0, "duplicates": 1},
    ]


def test_req_065_the_same_transaction_twice_is_one_invitation(trigger: Trigger) -> None:
    first, second = trigger(transaction="order-1"), trigger(transaction="order-1")
    assert (first["decision"], second["reason"]) == ("invite", "same_transaction")


def test_req_071_a_get_alone_never_records(client: FlaskClient, session: Session, trigger: Trigger) -> None:
    token = trigger(transaction="order-1")["invitation"]["token"]
    for address in (f"/s/{token}", f"/s/{token}?score=9", f"/w/v1/survey?token={token}"):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    assert session.scalars(select(Response)).all() == []


def test_req_103_the_element_that_asked_is_kept_with_the_answer(
    client: FlaskClient, session: Session, trigger: Trigger
) -> None:
    token = trigger(transaction="order-1")["invitation"]["token"]
    body = {
        "token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 4},
        "context": {"element": "tariff-select", "url": "/checkout"},
    }  # fmt: skip
    assert client.post("/w/v1/responses", json=body).status_code == 201
    context = session.scalars(select(Response.context)).one()
    assert (context["element"], context["url"]) == ("tariff-select", "/checkout")


def test_req_108_a_touchpoint_may_have_several_owners(
    session: Session, company: Any, time: clock.FixedClock
) -> None:
    shared = {
        "key": "installed",
        "name": "Technician's visit",
        "channel": "in_person",
        "owners": ["operations", "sales"],
    }
    journeys.apply(session, company.workspace_id, {"touchpoints": [shared]}, "tests", time())
    assert journeys.owners_of_all(session, company.workspace_id)["installed"] == ["operations", "sales"]


def test_req_127_every_answer_carries_touchpoint_journey_and_instance(
    session: Session, trigger: Trigger, answer: Answer
) -> None:
    answer(trigger(transaction="order-1")["invitation"]["token"], score=9)
    row = session.scalars(select(Response)).one()
    assert row.touchpoint
    assert row.journey
    assert row.journey_instance


@pytest.mark.parametrize("target", ["touchpoint", "journey"])
def test_req_021_answers_are_filtered_by_what_they_are_about(
    client: FlaskClient, keys: Headers, trigger: Trigger, answer: Answer, target: str
) -> None:
    answer(trigger(transaction="order-1")["invitation"]["token"], score=9)
    name = {"touchpoint": "installed", "journey": "first-order"}[target]
    assert _n(client, keys, **{target: name}) == (0 if target == "touchpoint" else 1)
