"""An insight keeps the figures of the verdict that it rests on, and weighs as much as it says."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.insights import Insight
from collector.kpis import rollups
from collector.responses import Response
from collector.surveys import MetricSeries

DAYS = {"from": "2026-10-04", "to": "2026-11-02"}


@pytest.fixture
def admin_key(session: Session, company: Any, time: clock.FixedClock) -> dict[str, str]:
    minted = workspaces.mint_key(session, company, "admin", "admin", time())
    session.commit()
    return {"Authorization": f"Bearer {minted.text}"}


def _falls(client: FlaskClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    found = client.get("/api/v1/verdicts", query_string=DAYS, headers=headers).json["verdicts"]
    return [each for each in found if each["estimate"] < 0 and each["kind"] in {"handover", "touchpoint"}]


def test_req_084_the_weightiest_stands_first_and_the_formula_adds_up(
    client: FlaskClient, admin_key: dict[str, str]
) -> None:
    stated = _falls(client, admin_key)
    assert len(stated) > 1
    for verdict in stated:
        given = {
            "title": verdict["kind"],
            "touchpoint": verdict["of"]["touchpoint"],
            "evidence": {"kind": verdict["kind"], "journey": "first-order", **DAYS},
        }
        answer = client.post("/api/v1/insights", json=given, headers=admin_key)
        assert answer.status_code == 201, answer.text
        kept = answer.json["evidence"]
        same = ("of", "against", "metric", "series_id", "n", "estimate", "shrunken", "low", "high")
        assert {name: kept[name] for name in same} == {name: verdict[name] for name in same}
    found = client.get("/api/v1/insights", headers=admin_key).json["insights"]
    priorities = [each["priority"] for each in found]
    assert priorities == sorted(priorities, reverse=True)
    for each in found:
        weight = each["weight"]
        assert each["priority"] == pytest.approx(weight["reach"] * weight["effect"])
        assert weight["low"] <= each["priority"] <= weight["high"]


def test_answers_of_whom_chance_asked_weigh_for_those_it_left_out(
    client: FlaskClient, admin_key: dict[str, str], session: Session
) -> None:
    verdict = _falls(client, admin_key)[0]
    own = Response.series_id == uuid.UUID(verdict["series_id"])
    given = {
        "title": "Slow",
        "touchpoint": verdict["of"]["touchpoint"],
        "evidence": {"kind": verdict["kind"], "journey": "first-order", **DAYS},
    }
    reach, at = [], given["touchpoint"]
    for here, values in ((own, {"probability": 1.0}), (own, {"probability": 0.25}), (~own, {"probability": 1.0, "touchpoint": at})):  # fmt: skip
        session.execute(update(Response).where(here).values(**values))
        session.commit()
        reach.append(client.post("/api/v1/insights", json=given, headers=admin_key).json["weight"]["reach"])
    assert reach[1] == pytest.approx(4 * reach[0], rel=0.01)
    assert reach[2] == reach[1], "another question's answers, such as a run's, were asked by another chance"


def test_what_no_verdict_states_is_no_evidence(client: FlaskClient, admin_key: dict[str, str]) -> None:
    given = {
        "title": "Slow",
        "touchpoint": "advice-call",
        "evidence": {"kind": "touchpoint", "journey": "first-order", **DAYS},
    }
    answer = client.post("/api/v1/insights", json=given, headers=admin_key)
    assert (answer.status_code, answer.json["code"]) == (422, "no_such_verdict")


@pytest.fixture
def two_groups(session: Session, company: Any, time: clock.FixedClock) -> None:
    """At the hotline seniors are far less happy than juniors."""
    who = company.workspace_id
    series_id = session.scalars(select(MetricSeries.series_id).where(MetricSeries.survey == "hotline")).one()
    at = time() - timedelta(days=1)
    scores = {"senior": [0] * 90 + [9] * 30, "junior": [9] * 90 + [0] * 30}
    for persona, score in ((persona, score) for persona, given in scores.items() for score in given):
        session.add(
            Response(
                workspace_id=who, response_id=uuid.uuid4(), survey="hotline", survey_version=1, journey="first-order",
                journey_version=1, series_id=series_id, metric="nps", touchpoint="hotline", answers={}, score=score,
                occurred_at=at, day=at.date(), received_at=at, updated_at=at, complete=True, channel="phone", persona=persona,
            )
        )  # fmt: skip
    session.flush()
    while rollups.count(session, time()):
        pass
    session.commit()


@pytest.mark.usefixtures("two_groups")
@pytest.mark.parametrize("page", ["/journeys/first-order", "/touchpoints/hotline"])
def test_what_is_said_of_a_group_of_customers_becomes_an_insight(
    session: Session, manager: FlaskClient, page: str
) -> None:
    html = manager.get(page, query_string=DAYS).text
    form = next(each for each in html.split('<form class="act')[1:] if 'value="segment"' in each)
    given = dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', form.split("</form>")[0]))
    assert given["group"] == "persona=senior"
    made = manager.post("/insights", data=given)
    assert made.status_code == 303, made.text
    kept = session.scalars(select(Insight)).one()
    assert kept.evidence is not None
    assert kept.evidence["of"] == {"touchpoint": "hotline", "persona": "senior"}
    assert kept.evidence["low"] < kept.evidence["shrunken"] < 0
    shown = manager.get(made.headers["Location"]).text
    assert "customers of the group senior are" in shown
    assert "percentage points" not in shown
