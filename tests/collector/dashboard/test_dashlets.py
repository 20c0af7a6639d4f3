"""The dashlet: one touchpoint in a hand's breadth, for pages and for programs."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.surveys import MetricSeries

FIELDS = {
    "touchpoint", "name", "channel", "owners", "from", "to", "metric", "n", "score", "low", "high", "before",
    "response_rate", "low_base", "trend",
}  # fmt: skip


def test_req_086_a_dashlet_is_stable_json_with_an_etag(
    client: FlaskClient, company: Any, read_key: dict[str, str]
) -> None:
    answer = client.get("/dashlets/installed?days=30", headers=read_key)
    assert set(answer.json) == FIELDS
    assert answer.json["metric"] == "nps"
    assert answer.json["low"] < answer.json["score"] < answer.json["high"]
    again = client.get(
        "/dashlets/installed?days=30", headers={**read_key, "If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.text) == (304, "")


def test_a_new_answer_changes_the_etag(
    client: FlaskClient,
    company: Any,
    read_key: dict[str, str],
    session: Session,
    seed: Any,
    time: clock.FixedClock,
) -> None:
    before = client.get("/dashlets/installed?days=30", headers=read_key)
    series = session.scalars(select(MetricSeries).where(MetricSeries.survey == "installed")).one()
    seed.answer(session, company.workspace_id, series.series_id, "installed", 9, time())
    session.commit()
    after = client.get("/dashlets/installed?days=30", headers=read_key)
    assert after.json["n"] == before.json["n"] + 1
    assert after.headers["ETag"] != before.headers["ETag"]


def test_without_answers_the_score_is_nothing_and_not_zero(
    client: FlaskClient, company: Any, read_key: dict[str, str]
) -> None:
    answer = client.get("/dashlets/advert", headers=read_key)
    assert (answer.json["n"], answer.json["score"], answer.json["metric"]) == (0, None, None)


def test_a_server_key_is_not_for_reading(
    client: FlaskClient, company: Any, server_key: dict[str, str]
) -> None:
    assert client.get("/dashlets/installed", headers=server_key).status_code == 403


def test_a_person_gets_a_page(manager: FlaskClient) -> None:
    page = manager.get("/dashlets/installed", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert page.headers["ETag"]
