"""What an answer is about: answers about a touchpoint, a journey and single contacts never stand in one figure."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, journeys, surveys
from collector.dashboard import journey_page, period
from collector.kpis import rollups

AT_END = {"key": "whole", "template": "csat", "journey": "first-order", "subject": "us"}


def put(client: FlaskClient, keys: dict[str, Any], **entry: Any) -> Any:
    body = {"surveys": [entry], "confirm_break": True}
    return client.post("/api/v1/surveys/apply", json=body, headers=keys["admin"])


@pytest.fixture
def last(client: FlaskClient, keys: dict[str, Any], company: Any) -> str:
    """The last touchpoint of a journey, where a CSAT stands, and another at the journey's end."""
    put(client, keys, **AT_END)
    end = client.get("/api/v1/surveys/whole", headers=keys["admin"]).json
    assert (end["target"], end["touchpoint"]) == ("journey", "installed")
    return "installed"


def say(client: FlaskClient, keys: dict[str, Any], place: str, **given: Any) -> None:
    items = [
        {"touchpoint": place, "journey": "first-order", **given, "answers": {"score": given["answers"]}}
        for _ in range(10)
    ]
    got = client.post("/api/v1/responses", json={"responses": items}, headers=keys["server"])
    assert got.status_code in {200, 201, 202}, got.json


def figure(client: FlaskClient, keys: dict[str, Any], **query: str) -> list[tuple[int, float]]:
    got = client.get("/api/v1/kpis", query_string={"metric": "csat", **query}, headers=keys["read"]).json
    return [(point["n"], point["score"]) for line in got["series"] for point in line["points"] if point["n"]]


def test_answers_about_the_journey_do_not_count_for_its_last_touchpoint(
    client: FlaskClient,
    keys: dict[str, Any],
    last: str,
    session: Session,
    company: Any,
    time: clock.FixedClock,
) -> None:
    say(client, keys, last, survey="visit-csat", answers=5)
    say(client, keys, last, target="journey", answers=1)
    for _ in ("in the tail", "in the rollup"):
        assert figure(client, keys, touchpoint=last) == [(10, 100.0)]
        assert figure(client, keys, touchpoint=last, target="journey") == [(10, 0.0)]
        assert figure(client, keys, journey="first-order", target="journey") == [(10, 0.0)]
        assert figure(client, keys, touchpoint=last, target="interaction") == []
        rollups.count(session, time())
        session.commit()
    page = journey_page.open_journey(
        session, company.workspace_id, "first-order", period.read({}, time(), "UTC")
    )
    assert page.score is not None
    assert (page.score.n, page.score.figure.value, page.n) == (10, 0.0, 20)
    assert [step.reading.figure.value for step in page.steps if step.reading] == [100.0]


def test_each_way_is_asked_about_a_step_or_about_the_whole(
    client: FlaskClient,
    keys: dict[str, Any],
    last: str,
    session: Session,
    company: Any,
    time: clock.FixedClock,
) -> None:
    there = journeys.get(session, company.workspace_id, "first-order")
    plan = {"asking": {"shares": {"visit": 1, "end": 1}}}
    journeys.change(session, company.workspace_id, there, there.version, plan, "tests", time())
    surveys.get(session, company.workspace_id, "visit-csat").policy = {}
    session.commit()
    asked: Counter[str] = Counter()
    for number in range(40):
        trigger = {
            "touchpoint": last, "journey": "first-order", "customer": f"c-{number}", "journey_instance": f"w-{number}",
        }  # fmt: skip
        decided = client.post("/api/v1/triggers", json={"triggers": [trigger]}, headers=keys["server"])
        made = decided.json["decisions"][0]["invitation"]
        if made:
            got = client.get("/w/v1/survey", query_string={"token": made["token"]}).json
            asked[got["survey"]["key"]] += 1
    assert set(asked) == {"visit-csat", "whole"}, (
        "the draw chooses between the touchpoint's survey and the journey's"
    )


def test_a_trigger_may_say_what_to_ask_about(client: FlaskClient, keys: dict[str, Any], last: str) -> None:
    for target, survey in (("journey", "whole"), ("touchpoint", "visit-csat")):
        trigger = {"touchpoint": last, "journey": "first-order", "target": target}
        decided = client.post("/api/v1/triggers", json={"triggers": [trigger]}, headers=keys["server"])
        token = decided.json["decisions"][0]["invitation"]["token"]
        got = client.get("/w/v1/survey", query_string={"token": token}).json
        assert got["survey"]["key"] == survey
        answer = {"token": token, "response_id": f"00000000-0000-4000-8000-00000000000{len(target) % 10}"}
        client.post("/w/v1/responses", json={**answer, "answers": {"score": 5}, "complete": True})
        assert figure(client, keys, touchpoint=last, target=target) == [(1, 100.0)]
    nobody = {"touchpoint": last, "journey": "first-order", "target": "interaction"}
    decided = client.post("/api/v1/triggers", json={"triggers": [nobody]}, headers=keys["server"])
    assert decided.json["decisions"][0]["reason"] == "no_survey"


def test_what_answers_are_about_does_not_change(
    session: Session, company: Any, client: FlaskClient, keys: dict[str, Any], last: str
) -> None:
    got = put(client, keys, **AT_END, target="touchpoint")
    assert (got.status_code, got.json["code"]) == (409, "survey_is_bound")
    assert put(client, keys, **AT_END).json["unchanged"] == ["whole"]
    assert surveys.get(session, company.workspace_id, "whole").target == "journey"
    session.rollback()  # who reads with a writer's session holds up the next call, once that looks at the database
    homeless = put(client, keys, key="x", template="csat", touchpoint=last, target="journey")
    assert homeless.status_code == 422
