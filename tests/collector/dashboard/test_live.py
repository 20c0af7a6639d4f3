"""The fragment that the live script asks for: small, tagged, and unchanged when nothing happened."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.surveys import MetricSeries

FRAGMENT = {"X-Fragment": "1"}


def test_a_fragment_is_the_content_without_its_frame(manager: FlaskClient) -> None:
    fragment = manager.get("/journeys/first-order", headers=FRAGMENT)
    assert "<html" not in fragment.text
    assert 'data-part="verdict"' in fragment.text


def test_nothing_new_is_said_in_no_words(manager: FlaskClient) -> None:
    first = manager.get("/journeys/first-order", headers=FRAGMENT)
    again = manager.get("/journeys/first-order", headers={**FRAGMENT, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")


def test_req_087_an_answer_stands_in_the_next_fragment(
    manager: FlaskClient, session: Session, company: Any, seed: Any, time: clock.FixedClock
) -> None:
    first = manager.get("/journeys/first-order", headers=FRAGMENT)
    series = session.scalars(select(MetricSeries).where(MetricSeries.survey == "installed")).one()
    seed.answer(session, company.workspace_id, series.series_id, "installed", 9, time(), "Quick!")
    session.commit()
    fresh = manager.get("/journeys/first-order", headers={**FRAGMENT, "If-None-Match": first.headers["ETag"]})
    assert fresh.status_code == 200
    assert "Quick!" in fresh.text


def test_a_whole_page_is_never_taken_for_a_fragment(manager: FlaskClient) -> None:
    page = manager.get("/journeys/first-order")
    assert "X-Fragment" in page.headers["Vary"]
    assert page.headers["Cache-Control"] == "private, no-cache"
