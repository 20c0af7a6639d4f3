"""Draft, published, paused, closed: what is asked, and what a link says."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, journeys, surveys
from collector.surveys.schemas import SurveysIn

Headers = dict[str, dict[str, str]]
NPS = {
    "key": "order-nps", "template": "nps", "touchpoint": "order-confirmed", "journey": "first-order", "subject": "Example Telecom",
}  # fmt: skip


def put_state(client: FlaskClient, keys: Headers, state: str) -> Any:
    return client.put("/api/v1/surveys/order-nps/state", json={"state": state}, headers=keys["admin"])


def show(client: FlaskClient, token: str) -> Any:
    return client.get("/w/v1/survey", query_string={"token": token})


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_a_survey_that_rests_asks_nobody_and_takes_no_new_answer(
    client: FlaskClient, trigger: Any, answer: Any, keys: Headers, state: str
) -> None:
    token = trigger(transaction="order-1")["invitation"]["token"]
    assert put_state(client, keys, state).json["state"] == state
    for refused in (show(client, token), answer(token, score=9)):
        assert (refused.status_code, refused.json["code"]) == (410, "survey_closed")
    reason = trigger(transaction="order-2")["reason"]
    assert reason == ("not_eligible" if state == "paused" else "no_survey")


def test_a_paused_survey_goes_on(client: FlaskClient, trigger: Any, answer: Any, keys: Headers) -> None:
    token = trigger(transaction="order-1")["invitation"]["token"]
    put_state(client, keys, "paused")
    put_state(client, keys, "published")
    assert answer(token, score=9).status_code == 201


def test_who_has_begun_may_finish(client: FlaskClient, trigger: Any, answer: Any, keys: Headers) -> None:
    token = trigger(transaction="order-1")["invitation"]["token"]
    begun = answer(token, score=9)
    put_state(client, keys, "closed")
    more = answer(token, response_id=begun.json["response_id"], score=9, comment="Quick!", complete=True)
    assert (more.status_code, more.json["complete"]) == (200, True)


def test_closed_is_the_end(client: FlaskClient, company: Any, keys: Headers) -> None:
    put_state(client, keys, "closed")
    refused = put_state(client, keys, "published")
    assert (refused.status_code, refused.json["code"]) == (409, "bad_transition")


def test_a_file_that_says_nothing_of_the_state_leaves_it(
    client: FlaskClient, company: Any, keys: Headers
) -> None:
    put_state(client, keys, "paused")
    again = client.post("/api/v1/surveys/apply", json={"surveys": [NPS]}, headers=keys["admin"])
    assert again.json["unchanged"] == ["order-nps"]
    assert client.get("/api/v1/surveys/order-nps", headers=keys["read"]).json["state"] == "paused"


def test_a_temporary_survey_asks_between_its_days(
    client: FlaskClient, trigger: Any, keys: Headers, time: clock.FixedClock
) -> None:
    window = {"mode": "temporary", "from": "2026-11-03T00:00:00Z", "to": "2026-11-05T00:00:00Z"}
    client.post("/api/v1/surveys/apply", json={"surveys": [{**NPS, **window}]}, headers=keys["admin"])
    before = trigger(transaction="order-1")
    assert (before["reason"], before["next_eligible_at"]) == ("not_eligible", "2026-11-03T00:00:00Z")
    time.move(days=1)
    token = trigger(transaction="order-2")["invitation"]["token"]
    assert show(client, token).status_code == 200
    time.move(days=2)
    assert trigger(transaction="order-3")["reason"] == "not_eligible"
    assert (show(client, token).status_code, show(client, token).json["code"]) == (410, "survey_closed")


def test_an_answer_on_its_way_when_the_survey_ended_counts_for_a_day(
    client: FlaskClient, trigger: Any, answer: Any, keys: Headers, time: clock.FixedClock
) -> None:
    window = {"mode": "temporary", "to": "2026-11-03T10:00:00Z"}
    client.post("/api/v1/surveys/apply", json={"surveys": [{**NPS, **window}]}, headers=keys["admin"])
    tokens = [trigger(transaction=f"order-{n}")["invitation"]["token"] for n in range(3)]
    for token in tokens[:2]:
        client.post("/w/v1/events", json={"token": token, "event": "shown"})
    time.move(days=1, hours=23)
    assert answer(tokens[0], score=9).status_code == 201
    assert answer(tokens[2], score=9).status_code == 410
    time.move(hours=2)
    assert answer(tokens[1], score=9).status_code == 410


def test_an_expired_link_says_so(client: FlaskClient, trigger: Any, time: clock.FixedClock) -> None:
    token = trigger(transaction="order-1", expires_at="2026-11-09T10:00:00Z")["invitation"]["token"]
    time.move(days=7)
    assert show(client, token).json["code"] == "invitation_expired"


def test_a_survey_without_a_touchpoint_stands_at_the_end_of_its_journey(
    session: Session, company: Any, trigger: Any, time: clock.FixedClock
) -> None:
    entry = {"key": "whole-nps", "template": "nps", "journey": "first-order", "subject": "Example Telecom"}
    entry["policy"] = {"per_journey_instance": None}  # it asks on ways that were asked before
    loaded = SurveysIn().load({"surveys": [entry]})["surveys"]
    surveys.apply(session, company.workspace_id, loaded, "tests", time())
    surveys.get(session, company.workspace_id, "visit-csat").state = "closed"
    assert surveys.get(session, company.workspace_id, "whole-nps").touchpoint == "installed"
    session.commit()
    assert trigger(touchpoint="installed", transaction="visit-1")["reason"] == "invited"
    assert trigger(touchpoint="unasked", transaction="bill-1")["reason"] == "no_survey"


def test_it_follows_the_end_when_the_journey_grows(
    session: Session, company: Any, time: clock.FixedClock
) -> None:
    entry = {"key": "whole-nps", "template": "nps", "journey": "first-order", "subject": "Example Telecom"}
    loaded = SurveysIn().load({"surveys": [entry]})["surveys"]
    surveys.apply(session, company.workspace_id, loaded, "tests", time())
    grown = yaml.safe_load(journeys.export(session, company.workspace_id))
    step = {"key": "bill", "name": "The bill comes", "touchpoint": "unasked"}
    grown["journeys"][0]["phases"].append({"name": "Bill", "steps": [step]})
    journeys.apply(session, company.workspace_id, grown, "tests", time())
    assert surveys.apply(session, company.workspace_id, loaded, "tests", time()).changed == ["whole-nps"]
    assert surveys.get(session, company.workspace_id, "whole-nps").touchpoint == "unasked"


def test_a_mode_that_means_nothing_is_refused(client: FlaskClient, company: Any, keys: Headers) -> None:
    given = {"surveys": [{**NPS, "mode": "temporary"}]}
    refused = client.post("/api/v1/surveys/apply", json=given, headers=keys["admin"])
    assert refused.status_code == 422
    assert list(refused.json["fields"]) == ["surveys.0.mode"]
