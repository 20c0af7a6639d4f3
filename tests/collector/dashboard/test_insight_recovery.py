"""Once something was done, the same question is watched until it is certain that it helped, or that it hurts again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector import changes, clock, insights, workspaces
from collector.communities import runs
from collector.insights import Insight, Recovery, recovery
from collector.kpis import Rollup
from collector.surveys import MetricSeries, Survey

HAPPY, UNHAPPY = {9: 3, 7: 1, 2: 1}, {9: 1, 7: 2, 2: 3}
EVIDENCE = {"kind": "touchpoint", "journey": "first-order", "from": "2026-10-04", "to": "2026-11-02"}


@pytest.fixture
def headers(session: Session, company: Any, time: clock.FixedClock) -> dict[str, str]:
    minted = workspaces.mint_key(session, company, "admin", "admin", time())
    session.commit()
    return {"Authorization": f"Bearer {minted.text}"}


@pytest.fixture
def working(client: FlaskClient, headers: dict[str, str]) -> str:
    """The address of an insight about the technician's visit that is worked on."""
    said = {"title": "Late", "touchpoint": "installed", "evidence": EVIDENCE}
    made = client.post("/api/v1/insights", json=said, headers=headers).json
    address = f"/api/v1/insights/{made['insight_id']}"
    for state in ("accepted", "working"):
        assert client.patch(address, json={"state": state}, headers=headers).status_code == 200
    return address


@pytest.fixture
def done(client: FlaskClient, headers: dict[str, str], working: str) -> str:
    """The same insight on the day on which it was filed: it is done."""
    assert client.patch(working, json={"state": "done"}, headers=headers).status_code == 200
    return working


@pytest.fixture
def pass_days(session: Session, company: Any, time: clock.FixedClock) -> Callable[..., None]:
    """Let days pass on which customers say something, and the job look each day."""

    def go(days: int, said: dict[int, int]) -> None:
        series = session.scalars(
            select(MetricSeries.series_id).where(MetricSeries.survey == "installed")
        ).one()
        for _day in range(days):
            time.move(days=1)
            session.add_all(_cell(company.workspace_id, series, time(), *each) for each in said.items())
            session.flush()
            while recovery.are_due(session, time()):
                recovery.evaluate(session, time())
        session.commit()

    return go


def _cell(workspace_id: uuid.UUID, series_id: uuid.UUID, at: Any, score: int, n: int) -> Rollup:
    return Rollup(
        workspace_id=workspace_id, series_id=series_id, touchpoint="installed", journey="first-order", journey_version=1,
        channel="in_person", persona="", variant="", source="solicited", respondent="customer", day=at.date(),
        score=score, metric="nps", n=n,
    )  # fmt: skip


def test_it_waits_for_thirty_then_says_that_it_recovered(
    client: FlaskClient, headers: Any, done: str, pass_days: Any, session: Session, company: Any
) -> None:
    first = client.get(done, headers=headers).json["recovery"]
    assert (first["state"], first["estimate"], first["done_on"]) == ("watching", None, "2026-11-02")
    pass_days(5, HAPPY)
    few = client.get(done, headers=headers).json["recovery"]
    assert (few["state"], few["n_since"], few["estimate"]) == ("watching", 25, None)
    pass_days(8, HAPPY)
    found = client.get(done, headers=headers).json["recovery"]
    assert found["state"] == "recovered"
    assert 0 < found["low"] < found["estimate"] < found["high"]
    assert (found["metric"], found["n_since"]) == ("nps", 30)
    noted = changes.changes(session, company.workspace_id, noun="insight")[0]
    assert (noted.actor, noted.verb) == ("afterword", "recovered")


def test_before_are_the_days_after_the_evidence_that_nobody_picked(
    client: FlaskClient, headers: Any, signed_in: Any, working: str, pass_days: Any
) -> None:
    pass_days(21, UNHAPPY)
    client.patch(working, json={"state": "done"}, headers=headers)
    pass_days(8, HAPPY)
    found = client.get(working, headers=headers).json["recovery"]
    assert (found["state"], found["before_from"], found["before_picked"]) == (
        "recovered",
        "2026-11-03",
        False,
    )
    assert found["n_before"] == 18 * 6  # six weekdays of the 30 since; the day itself counts on neither side
    page = signed_in("manager@example.com").get(working.removeprefix("/api/v1")).text
    assert "The days before begin on Nov 3, 2026." in page
    assert "Too little was said after" not in page


def test_where_too_little_was_said_after_the_evidence_its_days_are_taken_and_the_page_says_so(
    client: FlaskClient, headers: Any, signed_in: Any, working: str, pass_days: Any
) -> None:
    evidence = client.get(working, headers=headers).json["evidence"]
    pass_days(5, UNHAPPY)  # 24 answers until the day on which it is done
    client.patch(working, json={"state": "done"}, headers=headers)
    pass_days(8, HAPPY)
    found = client.get(working, headers=headers).json["recovery"]
    assert (found["before_from"], found["before_picked"]) == (evidence["from"], True)
    luck = abs(evidence["estimate"]) - abs(evidence["shrunken"])
    assert luck > 0
    assert found["estimate"] - found["low"] > luck
    page = signed_in("manager@example.com").get(working.removeprefix("/api/v1")).text
    assert "The lower end of the interval is lowered for that." in page


def test_it_is_reopened_when_it_hurts_again(
    client: FlaskClient, headers: Any, done: str, pass_days: Any
) -> None:
    pass_days(13, HAPPY)
    assert client.patch(done, json={"state": "checked"}, headers=headers).json["state"] == "checked"
    pass_days(25, {0: 6, 9: 1})
    back = client.get(done, headers=headers).json
    assert (back["state"], back["recovery"]["state"]) == ("working", "back")


def test_what_changes_nothing_is_not_called_a_recovery(
    client: FlaskClient, headers: Any, done: str, pass_days: Any
) -> None:
    pass_days(6, UNHAPPY)
    early = client.get(done, headers=headers).json["recovery"]
    assert early["state"] in {"watching", "unchanged"}
    pass_days(30, UNHAPPY)
    late = client.get(done, headers=headers).json["recovery"]
    assert (late["state"], late["more"]) == ("unchanged", None)
    assert late["low"] < 0 < late["high"]


def test_too_few_before_are_said_so(
    client: FlaskClient, headers: Any, signed_in: Any, done: str, pass_days: Any, session: Session
) -> None:
    session.execute(delete(Rollup).where(Rollup.touchpoint == "installed"))
    session.commit()
    pass_days(13, HAPPY)
    found = client.get(done, headers=headers).json["recovery"]
    assert (found["state"], found["n_since"], found["estimate"]) == ("too_few", 65, None)
    page = signed_in("manager@example.com").get(done.removeprefix("/api/v1")).text
    assert "Too few answers came before it was done" in page
    assert "at 30 it is compared" not in page


def test_another_question_is_not_compared(
    client: FlaskClient, headers: Any, done: str, pass_days: Any, session: Session, time: clock.FixedClock
) -> None:
    old = session.scalars(select(MetricSeries).where(MetricSeries.survey == "installed")).one()
    session.add(
        MetricSeries(  # what a confirmed change of the question leaves
            workspace_id=old.workspace_id,
            series_id=clock.new_id(),
            survey="installed",
            metric="nps",
            fingerprint="1" * 64,
            started_at=time() + timedelta(days=1),
            follows=old.series_id,
            broken_by=["wording"],
        )
    )
    session.commit()
    time.move(hours=2)
    assert recovery.evaluate(session, time()) == 1
    session.commit()
    found = client.get(done, headers=headers).json["recovery"]
    assert (found["state"], found["estimate"]) == ("changed", None)
    assert not recovery.are_due(session, time() + timedelta(days=400))


def test_a_reopened_insight_is_watched_no_more(client: FlaskClient, headers: Any, done: str) -> None:
    reopened = client.patch(done, json={"state": "working"}, headers=headers).json
    assert reopened["recovery"] is None


def test_a_thought_without_figures_watches_the_question_that_is_asked_there(
    session: Session, company: Any, time: clock.FixedClock
) -> None:
    thought = insights.Thought("Cold coffee", "installed")
    row = insights.file(session, company.workspace_id, thought, "ada", time())
    for state in ("accepted", "working", "done"):
        insights.move(session, row, state, "ada", time())
    watched = recovery.of(session, row)
    assert watched is not None
    assert (watched.metric, watched.gap) == ("nps", 20)
    nowhere = insights.file(session, company.workspace_id, insights.Thought("Ads", "advert"), "ada", time())
    for state in ("accepted", "working", "done"):
        insights.move(session, nowhere, state, "ada", time())
    assert recovery.of(session, nowhere) is None


def test_what_a_run_asked_is_never_what_is_watched(
    session: Session, company: Any, time: clock.FixedClock
) -> None:
    """A run with more answers than the touchpoint's own survey, of the same question and of another."""
    own = session.scalars(select(MetricSeries.series_id).where(MetricSeries.survey == "installed")).one()
    for metric, name in (("nps", "asked-apart"), ("csat", "asked-anew")):
        series = _run(session, company.workspace_id, name, metric, time())
        cells = (
            _cell(company.workspace_id, series, time() - timedelta(days=day), 5, 90) for day in range(1, 60)
        )
        for cell in cells:
            cell.metric = metric
            session.add(cell)
    row = insights.file(
        session, company.workspace_id, insights.Thought("Cold coffee", "installed"), "ada", time()
    )
    for state in ("accepted", "working", "done"):
        insights.move(session, row, state, "ada", time())
    watched = recovery.of(session, row)
    assert watched is not None
    assert (watched.metric, watched.series_id) == ("nps", own)


def test_a_place_that_only_a_run_asks_at_is_not_watched(
    session: Session, company: Any, time: clock.FixedClock
) -> None:
    session.execute(delete(Rollup).where(Rollup.touchpoint == "installed"))
    series = _run(session, company.workspace_id, "asked-apart", "nps", time())
    session.add_all(
        _cell(company.workspace_id, series, time() - timedelta(days=day), 5, 90) for day in range(1, 60)
    )
    row = insights.file(
        session, company.workspace_id, insights.Thought("Cold coffee", "installed"), "ada", time()
    )
    for state in ("accepted", "working", "done"):
        insights.move(session, row, state, "ada", time())
    assert recovery.of(session, row) is None


def _run(session: Session, workspace_id: uuid.UUID, key: str, metric: str, at: Any) -> uuid.UUID:
    """A run at the technician's visit and the series of what it asks."""
    survey = Survey(workspace_id=workspace_id, key=key, touchpoint="installed", template=metric, version=1)
    run = runs.StoredRun(
        workspace_id=workspace_id, key=key, name=key, survey=key, touchpoint="installed",
        created_by="ada", created_at=at,
    )  # fmt: skip
    series = MetricSeries(
        workspace_id=workspace_id, series_id=clock.new_id(), survey=key, metric=metric, fingerprint="2" * 64,
        started_at=at - timedelta(days=90),
    )  # fmt: skip
    for made in (survey, series, run):
        session.add(made)
        session.flush()
    return series.series_id


def test_it_is_pinned_on_the_trend(
    client: FlaskClient, headers: Any, done: str, session: Session, company: Any, pass_days: Any
) -> None:
    pass_days(1, HAPPY)
    found = recovery.pins(session, company.workspace_id, "installed")
    assert list(found.values()) == ["Late"]
    assert session.scalars(select(Recovery.touchpoint)).one() == "installed"
    assert session.scalars(select(Insight.state)).one() == "done"
