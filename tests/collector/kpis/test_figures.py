"""Figures over HTTP: n, interval, groups, buckets; no data is not 0; small groups stay hidden."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import rollup_anew
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, surveys
from collector.kpis import rollups
from collector.responses import Response
from collector.surveys import MetricSeries

Headers = dict[str, dict[str, str]]


@pytest.fixture
def put(session: Session, company: Any, time: clock.FixedClock) -> Any:
    """Store answers: ``put([9, 3], days_ago=2, channel="web")``."""

    def call(scores: list[int], survey: str = "order-nps", days_ago: int = 0, **given: Any) -> None:
        published = surveys.version(session, company.workspace_id, survey, 1)
        at: datetime = time() - timedelta(days=days_ago)
        for score in scores:
            values: dict[str, Any] = {
                "source": "solicited", "respondent": "customer", "channel": "web", "touchpoint": published.touchpoint,
                "journey": "first-order", "journey_version": 1, "series_id": published.series_id, **given,
            }  # fmt: skip
            session.add(
                Response(
                    workspace_id=company.workspace_id, response_id=uuid.uuid4(), survey=survey, survey_version=1,
                    metric=published.metric, answers={"score": score}, score=score,
                    occurred_at=at, day=at.date(), received_at=at, updated_at=at, **values,
                )
            )  # fmt: skip
        session.commit()

    return call


@pytest.fixture
def kpis(client: FlaskClient, keys: Headers) -> Any:
    def call(**query: Any) -> list[dict[str, Any]]:
        got = client.get("/api/v1/kpis", query_string={"metric": "nps", **query}, headers=keys["read"])
        assert got.status_code == 200, got.text
        return list(got.json["series"])

    return call


def test_the_vector_of_twenty_thirty_fifty(put: Any, kpis: Any) -> None:
    put([3] * 20 + [7] * 30 + [10] * 50)
    point = kpis(touchpoint="order-confirmed")[0]["points"][0]
    assert (point["n"], point["score"]) == (100, 30.0)
    assert (round(point["low"], 4), round(point["high"], 4)) == (13.9551, 44.3393)


def test_figures_are_the_same_before_and_after_counting(
    put: Any, kpis: Any, session: Session, time: Any
) -> None:
    put([9, 10, 2, 7], days_ago=1)
    before = kpis(interval="day", group_by="touchpoint")
    assert rollups.count(session, time(), batch=3) == 3
    session.commit()
    between = kpis(interval="day", group_by="touchpoint")
    assert rollups.count(session, time()) == 1
    session.commit()
    assert before == between == kpis(interval="day", group_by="touchpoint")


def test_the_rollup_can_be_dropped_and_rebuilt(
    put: Any, kpis: Any, session: Session, time: Any, company: Any
) -> None:
    put([9, 10, 2, 7])
    rollups.count(session, time())
    session.commit()
    before = kpis()
    rollup_anew.make(session, company.workspace_id)
    session.commit()
    assert kpis() == before


def test_no_data_is_not_zero(kpis: Any, company: Any) -> None:
    point = kpis(touchpoint="order-confirmed")[0]["points"][0]
    assert (point["n"], point["score"], point["low"]) == (0, None, None)


def test_an_empty_day_is_a_gap(put: Any, kpis: Any, time: Any) -> None:
    put([9], days_ago=3)
    put([9], days_ago=1)
    points = kpis(interval="day")[0]["points"]
    assert [point["score"] for point in points] == [100.0, None, 100.0]


@pytest.mark.parametrize(("interval", "start"), [("week", "2026-10-26"), ("month", "2026-10-01")])
def test_weeks_begin_on_monday_and_months_on_the_first(
    put: Any, kpis: Any, interval: str, start: str
) -> None:
    put([9], days_ago=2)
    assert kpis(interval=interval)[0]["points"][0]["from"] == start


def test_the_period_is_inclusive(put: Any, kpis: Any, time: Any) -> None:
    put([9], days_ago=2)
    day = (time() - timedelta(days=2)).date().isoformat()
    assert kpis(**{"from": day, "to": day})[0]["points"][0]["n"] == 1
    later = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    assert kpis(**{"from": later})[0]["points"][0]["n"] == 0


def test_owners_add_up_their_touchpoints(put: Any, kpis: Any) -> None:
    put([9] * 3)
    assert [(line["group"], line["points"][0]["n"]) for line in kpis(group_by="owner")] == [("sales", 3)]


def test_totals_of_a_channel_are_exact_and_live(put: Any, kpis: Any) -> None:
    put([9] * 30, channel="web")
    put([2] * 3, channel="phone")
    lines = {line["group"]: line["points"][0]["n"] for line in kpis(group_by="channel")}
    assert lines == {"web": 30, "phone": 3}
    assert kpis(channel="phone")[0]["points"][0]["n"] == 3


def test_solicited_and_volunteered_never_mix(put: Any, kpis: Any) -> None:
    put([9] * 3)
    put([0] * 2, source="volunteered")
    assert kpis()[0]["points"][0]["n"] == 3
    assert kpis(source="volunteered")[0]["points"][0]["n"] == 2


def test_staff_answers_stay_out(put: Any, kpis: Any) -> None:
    put([9] * 3)
    put([0] * 2, respondent="employee")
    assert kpis()[0]["points"][0]["n"] == 3


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"metric": "fun"}, 422, "unknown_metric"),
        ({}, 422, "invalid_input"),
        ({"metric": "nps", "interval": "hour"}, 422, "invalid_input"),
        ({"metric": "nps", "from": "yesterday"}, 422, "invalid_input"),
        ({"metric": "nps", "from": "2026-11-02T10:00:00"}, 422, "invalid_input"),
        ({"metric": "nps", "from": "2026-11-02", "to": "2026-11-01"}, 422, "bad_period"),
        (
            {"metric": "nps", "from": "1970-01-01", "to": "2026-11-01", "interval": "day"},
            422,
            "too_many_points",
        ),
        ({"metric": "nps", "touchpoint": "nowhere"}, 404, "unknown_touchpoint"),
        ({"metric": "nps", "journey": "nowhere"}, 404, "unknown_journey"),
        ({"metric": "nps", "colour": "red"}, 422, "invalid_input"),
    ],
)
def test_a_bad_question_gets_a_clear_answer(
    client: FlaskClient, keys: Headers, company: Any, query: dict[str, str], status: int, code: str
) -> None:
    refused = client.get("/api/v1/kpis", query_string=query, headers=keys["read"])
    assert (refused.status_code, refused.json["code"]) == (status, code)


def test_verdicts_by_call_say_what_was_compared(put: Any, client: FlaskClient, keys: Headers) -> None:
    put([10] * 50 + [0] * 10)
    put([10] * 10 + [0] * 50, days_ago=100)
    query = {"journey": "first-order"}
    found = client.get("/api/v1/verdicts", query_string=query, headers=keys["read"]).json
    assert found["compared"] == [
        {"journey": "first-order", "family": "period", "comparisons": 1, "n_least": 60}
    ]
    (rise,) = found["verdicts"]
    assert (rise["kind"], rise["n"], rise["metric"]) == ("period", [60, 60], "nps")
    assert 0 <= rise["low"] < rise["shrunken"] <= rise["estimate"] < rise["high"]
    assert client.get("/api/v1/verdicts?journey=nowhere", headers=keys["read"]).status_code == 404


def test_answers_before_and_after_a_break_are_never_summed(
    put: Any, kpis: Any, session: Session, company: Any, time: clock.FixedClock
) -> None:
    put([0] * 20, days_ago=2)
    old = surveys.version(session, company.workspace_id, "order-nps", 1).series_id
    new = MetricSeries(
        workspace_id=company.workspace_id, series_id=clock.new_id(), survey="order-nps", metric="nps",
        fingerprint="1" * 64, started_at=time(), follows=old, broken_by=["wording"],
    )  # fmt: skip
    session.add(new)
    session.flush()
    put([10] * 20, series_id=new.series_id)
    found = {line["series_id"]: line for line in kpis()}
    assert {key: line["points"][0]["score"] for key, line in found.items()} == {
        str(old): -100,
        str(new.series_id): 100,
    }
    assert found[str(new.series_id)]["broken_by"] == ["wording"]
    assert [line["points"][0]["n"] for line in kpis(series=str(old))] == [20]
    assert {line["source"] for line in found.values()} == {"solicited"}


def test_a_week_cut_by_the_period_is_marked(put: Any, kpis: Any) -> None:
    put([9], days_ago=2)
    weeks = kpis(**{"interval": "week", "from": "2026-10-21", "to": "2026-11-01"})[0]["points"]
    assert [(week["from"], week["partial"]) for week in weeks] == [
        ("2026-10-19", True),
        ("2026-10-26", False),
    ]


def test_a_time_with_an_offset_counts_from_its_day_in_utc(put: Any, kpis: Any, time: Any) -> None:
    put([9], days_ago=2)
    day = (time() - timedelta(days=2)).date()
    after_midnight = f"{day + timedelta(days=1)}T00:30:00+02:00"
    assert kpis(**{"from": after_midnight})[0]["points"][0]["n"] == 1
