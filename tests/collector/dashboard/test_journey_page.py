"""The journey page: what was planted is found, and nothing else is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, errors, journeys, web
from collector.dashboard import journey_page, views
from collector.dashboard.drawings import Drawings
from collector.dashboard.journey_page import JourneyPage
from collector.dashboard.period import Period
from collector.dashboard.wording import Wording
from collector.kpis.drivers import Drivers
from collector.surveys import MetricSeries


@pytest.fixture
def page(session: Session, company: Any, time: clock.FixedClock) -> JourneyPage:
    return open_page(session, company, time)


def open_page(session: Session, company: Any, time: clock.FixedClock) -> JourneyPage:
    today = time().date()
    period = Period(today - timedelta(days=29), today, 30)
    return journey_page.open_journey(session, company.workspace_id, "first-order", period)


def test_req_051_the_planted_handover_ranks_first_with_its_owners_and_interval(page: JourneyPage) -> None:
    worst = page.worst
    assert worst is not None
    assert [owner.name for owner in worst.before.owners] == ["Sales"]
    assert [owner.name for owner in worst.after.owners] == ["Operations"]
    verdict = worst.rule.verdict
    assert verdict is not None
    assert verdict.low < verdict.estimate <= verdict.shrunken < verdict.high <= 0


def test_a_handover_is_drawn_in_the_figure_by_which_its_fall_is_stated(page: JourneyPage, app: Flask) -> None:
    worst = page.worst
    assert worst is not None
    with app.test_request_context():
        say = Wording(web.speaker())
        drawn = str(Drawings(say).slope(worst))
        for step in (worst.before, worst.after):
            assert step.reading is not None
            assert say.value(step.reading.metric, step.reading.figure.value) in drawn


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("days=30", r"Compared by NPS: .*\(from [\d,]+ answers on each side\)"),
        ("from=2026-11-01&to=2026-11-01", "Too few answers to compare: both sides of a comparison need 30"),
    ],
)
def test_the_headline_says_what_was_compared(
    manager: FlaskClient, company: Any, query: str, said: str
) -> None:
    headline = manager.get(f"/journeys/first-order?{query}").text.split('data-part="verdict"')[1]
    assert re.search(said, headline.split("</section>")[0])


@pytest.mark.parametrize(
    "path", ["/journeys/first-order", "/desk", "/owners/operations", "/touchpoints/installed"]
)
def test_every_statement_names_its_answers_on_both_sides(manager: FlaskClient, path: str) -> None:
    page = manager.get(f"{path}?days=30").text
    stated = re.findall(r"95% interval ([^)<]*)\)", page)
    assert stated
    assert [each for each in stated if not re.search(r"\d, n [\d,]+ and [\d,]+$", each)] == []


def test_what_rises_hides_no_fall_of_a_channel_or_a_group(page: JourneyPage) -> None:
    (fallen, *_) = page.stated.pains
    as_channel = replace(fallen, kind="channel")
    risen = [replace(as_channel, estimate=90.0, shrunken=90.0) for _ in range(3)]
    shown = replace(page, stated=replace(page.stated, verdicts=(*risen, as_channel)))
    assert [each for _, each in shown.channels] == [as_channel]
    assert shown.stated.falls == [as_channel]


def test_req_008_the_planted_pain_point_is_flagged_first(page: JourneyPage) -> None:
    assert [step.at.key for step in page.pains] == ["visit", "appointment"]
    assert {step.at.key for step in page.steps if step.pain} == {"visit", "appointment"}


def test_req_055_the_steps_stand_in_the_customers_order(page: JourneyPage, seed: ModuleType) -> None:
    told = [step["key"] for _, steps in seed.STEPS for step in steps]
    assert [step.at.key for step in page.steps] == told
    assert [name for name, _ in page.phases] == [name for name, _ in seed.STEPS]


def test_req_062_what_is_not_measured_has_no_reading(page: JourneyPage) -> None:
    assert [step.at.key for step in page.steps if step.reading is None] == ["wish", "advert"]


def test_req_054_coverage_is_told_by_stage_of_the_sale(page: JourneyPage) -> None:
    assert [(each.stage, each.measured, each.touchpoints) for each in page.coverage] == [
        ("before", 2, 3),
        ("during", 4, 4),
        ("after", 2, 2),
    ]


def test_req_110_the_curve_counts_customers_and_not_staff(
    session: Session, company: Any, time: clock.FixedClock, seed: ModuleType, page: JourneyPage
) -> None:
    series = session.scalars(select(MetricSeries).where(MetricSeries.survey == "installed")).one()
    for _ in range(50):
        seed.answer(
            session, company.workspace_id, series.series_id, "installed", 10, time(), respondent="staff"
        )
    again = open_page(session, company, time)
    assert [step.reading and step.reading.net for step in again.steps] == [
        step.reading and step.reading.net for step in page.steps
    ]


def test_an_answer_counts_before_the_rollup_has_seen_it(
    session: Session, company: Any, time: clock.FixedClock, seed: ModuleType, page: JourneyPage
) -> None:
    series = session.scalars(select(MetricSeries).where(MetricSeries.survey == "hotline")).one()
    seed.answer(session, company.workspace_id, series.series_id, "hotline", 9, time())
    assert open_page(session, company, time).n == page.n + 1


def test_volunteered_answers_stay_out_of_the_figures(
    session: Session, company: Any, time: clock.FixedClock, seed: ModuleType, page: JourneyPage
) -> None:
    series = session.scalars(select(MetricSeries).where(MetricSeries.survey == "hotline")).one()
    seed.answer(session, company.workspace_id, series.series_id, "hotline", 0, time(), source="volunteered")
    assert open_page(session, company, time).n == page.n


@pytest.mark.parametrize(
    ("view", "tags"),
    [
        ("volunteered", {"source": "volunteered"}),
        ("employee", {"respondent": "employee"}),
        ("partner", {"respondent": "partner"}),
    ],
)
def test_answers_that_stand_apart_have_a_view_along_the_journey_too(
    session: Session, company: Any, time: clock.FixedClock, seed: ModuleType, manager: FlaskClient, view: str, tags: dict[str, str]
) -> None:  # fmt: skip
    before = open_page(session, company, time)
    series = session.scalars(select(MetricSeries).where(MetricSeries.survey == "hotline")).one()
    for _ in range(40):
        seed.answer(
            session, company.workspace_id, series.series_id, "hotline", 0, time(), "so they say", **tags
        )
    session.commit()
    assert open_page(session, company, time).stated == before.stated, "they count in no other figure"
    html = manager.get(f"/journeys/first-order?answers={view}&days=30").text
    assert "These answers stand apart" in html
    assert "so they say" in html
    assert 'data-part="handovers"' not in html, "nothing is compared by them"
    page = journey_page.open_journey(session, company.workspace_id, "first-order", before.period, view)
    read = {step.at.key: (step.reading.n, step.reading.figure.value) for step in page.steps if step.reading}
    assert (page.n, read) == (40, {"question": (40, -100.0)})
    assert page.stated.verdicts == page.stated.compared == page.handovers == ()


def test_what_came_unasked_belongs_to_no_journey_and_is_seen_on_it_all_the_same(
    session: Session, company: Any, time: clock.FixedClock, seed: ModuleType, manager: FlaskClient
) -> None:
    before = open_page(session, company, time)
    series = session.scalars(select(MetricSeries).where(MetricSeries.survey == "hotline")).one()
    for _ in range(14):
        row = seed.answer(
            session,
            company.workspace_id,
            series.series_id,
            "hotline",
            0,
            time(),
            "unasked",
            source="volunteered",
        )
        row.journey = row.journey_version = None
    session.commit()
    page = journey_page.open_journey(
        session, company.workspace_id, "first-order", before.period, "volunteered"
    )
    read = {step.at.key: step.reading.n for step in page.steps if step.reading}
    assert (page.n, read) == (14, {"question": 14})
    session.commit()
    assert "unasked" in manager.get("/journeys/first-order?answers=volunteered&days=30").text


def test_req_018_a_late_touchpoint_says_since_which_version(
    session: Session, company: Any, time: clock.FixedClock, seed: ModuleType
) -> None:
    late = {"key": "survey-call", "name": "Survey call", "channel": "phone"}
    steps = [(name, [dict(step) for step in steps]) for name, steps in seed.STEPS]
    steps[-1][1].append({"key": "call", "name": "I am called", "touchpoint": "survey-call"})
    journey = journeys.get(session, company.workspace_id, "first-order")
    told = {
        name: getattr(journey, name)
        for name in ("key", "name", "definition", "customer_goal", "business_goal")
    }
    phases = [{"name": name, "steps": inside} for name, inside in steps]
    document = {"touchpoints": [late], "journeys": [{**told, "phases": phases}]}
    journeys.apply(session, company.workspace_id, document, "test", time())
    page = open_page(session, company, time)
    assert {step.at.key: step.at.since for step in page.steps if step.at.since > 1} == {"call": 2}


def test_the_owners_lane_changes_where_the_customer_changes_hands(page: JourneyPage) -> None:
    spans = [(", ".join(owner.key for owner in span.owners), span.steps) for span in page.owner_spans]
    assert spans == [
        ("", 1),
        ("marketing", 2),
        ("sales", 2),
        ("operations", 2),
        ("operations, service", 1),
        ("service", 1),
        ("", 1),
    ]
    assert [span.handover is not None for span in page.owner_spans].index(True) == 3


def test_a_journey_without_answers_has_nothing_to_blame(
    session: Session, workspace: Any, seed: ModuleType, time: clock.FixedClock
) -> None:
    seed.define(session, workspace, time())
    page = open_page(session, workspace, time)
    assert (page.n, page.score, page.worst, page.pains, page.response_rate) == (0, None, None, (), None)


def test_an_unknown_journey_is_not_found(session: Session, company: Any, time: clock.FixedClock) -> None:
    period = Period(time().date(), time().date())
    with pytest.raises(errors.NotFound):
        journey_page.open_journey(session, company.workspace_id, "nowhere", period)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("n", "said", "unsaid"),
    [
        (140, "Nothing to tell from 140 ways", "Too few to tell"),
        (99, "Too few to tell: 99", "Nothing to tell"),
    ],
)
def test_drivers_that_show_nothing_say_why(
    manager: FlaskClient, company: Any, monkeypatch: pytest.MonkeyPatch, n: int, said: str, unsaid: str
) -> None:
    monkeypatch.setattr(views, "_drivers", lambda _page: Drivers("nps", n))
    page = manager.get("/journeys/first-order").text
    assert said in page
    assert unsaid not in page
