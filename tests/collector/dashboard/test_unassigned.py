"""What came in from unknown touchpoints: counted, never lost, and counted properly once defined."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.interactions import Interaction
from collector.kpis import Rollup
from collector.surveys import MetricSeries


@pytest.fixture
def strays(session: Session, company: Any, time: clock.FixedClock) -> None:
    """Three interactions and two counted answers at a touchpoint that nobody has described."""
    for _ in range(3):
        session.add(
            Interaction(
                workspace_id=company.workspace_id, interaction_id=clock.new_id(), event="step",
                touchpoint="mystery", known_touchpoint=False, occurred_at=time(), received_at=time(),
            )
        )  # fmt: skip
    session.commit()


def define(browser: FlaskClient, **form: str) -> Any:
    token = browser.get("/journeys/first-order/share").text.split('name="csrf" value="')[1].split('"')[0]
    given = {"csrf": token, "key": "mystery", "name": "Mystery desk", "channel": "in_person", **form}
    return browser.post("/unassigned", data=given)


def test_req_016_strays_are_listed_by_their_key(manager: FlaskClient, strays: None) -> None:
    page = manager.get("/unassigned").text
    assert "mystery" in page
    assert "Define the touchpoint" in page


def test_a_defined_touchpoint_leaves_the_list(manager: FlaskClient, strays: None) -> None:
    assert define(manager, owner="sales").status_code == 303
    assert "Everything has its place" in manager.get("/unassigned").text
    assert "Mystery desk" in manager.get("/owners/sales").text


def test_answers_at_a_place_that_was_removed_are_not_lost(
    manager: FlaskClient, session: Session, company: Any, seed: Any, time: clock.FixedClock
) -> None:
    series = session.scalars(select(MetricSeries)).first()
    assert series is not None
    row = seed.answer(session, company.workspace_id, series.series_id, "installed", 9, time())
    row.touchpoint, row.counted_at = "elsewhere", time()
    values = dict.fromkeys(("channel", "persona", "variant"), "")
    session.add(
        Rollup(
            workspace_id=company.workspace_id, series_id=series.series_id, touchpoint="elsewhere", journey="",
            journey_version=0, source="solicited", respondent="customer", day=time().date(), score=9,
            metric="nps", n=1, **values,
        )
    )  # fmt: skip
    session.commit()
    assert "elsewhere" in manager.get("/unassigned").text


def test_a_member_may_look_but_not_define(company: Any, strays: None, signed_in: Any) -> None:
    member = signed_in("ops@example.com")
    assert "An editor can define it" in member.get("/unassigned").text
    assert define(member).status_code == 403


def test_a_definition_that_does_not_fit_is_refused(manager: FlaskClient, strays: None) -> None:
    assert define(manager, channel="smoke").status_code == 422
    assert define(manager, key="No Key!").status_code == 422
