"""The touchpoint page: distribution, trend with breaks, period against period, filters, small groups, comments."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, journeys
from collector.dashboard import comments, owner_page, touchpoint_page
from collector.dashboard.sources import Chosen
from collector.kpis import Rollup
from collector.surveys import MetricSeries
from tests.collector.dashboard.touchpoint_page.conftest import count, series_of


def test_the_shares_of_the_distribution_add_up(session: Session, company: Any, chosen: Chosen) -> None:
    page = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", chosen)
    assert page.reading is not None
    assert list(page.reading.figure.counts) == list(range(11))
    assert sum(page.reading.figure.counts.values()) == page.reading.n
    assert sum(each.figure.n or 0 for each in page.trend) == page.reading.n


def test_this_period_is_compared_with_the_one_before(session: Session, company: Any, chosen: Chosen) -> None:
    page = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", chosen)
    assert page.compared is not None
    assert page.compared.verdict is None, "nothing was planted here: the difference may be chance"


def test_a_week_that_the_period_cuts_is_marked(signed_in: Any, company: Any) -> None:
    page = signed_in("manager@example.com").get("/touchpoints/installed?days=30").text
    rows = re.findall(r'<tr><th scope="row">([^<]*)(.*?)</th>', page.split("Trend of")[-1])
    assert [bool("shorter" in mark) for _days, mark in rows[:2]] == [True, False], rows[:2]


def test_a_touchpoint_on_two_journeys_does_not_show_the_change_of_one_as_its_own(
    session: Session, company: Any, chosen: Chosen, signed_in: Any, time: clock.FixedClock
) -> None:
    steps = [{"key": key, "name": key, "touchpoint": key} for key in ("installed", "activation-sms")]
    repair = {
        "key": "repair", "name": "Repair", "definition": "d", "customer_goal": "c", "business_goal": "b",
        "phases": [{"name": "All", "steps": steps}],
    }  # fmt: skip
    document = {"stakeholders": [], "touchpoints": [], "journeys": [repair]}
    journeys.apply(session, company.workspace_id, document, "ada", time())
    for days, score in ((45, 10), (5, 0)):  # a fall on this journey alone
        session.add(
            Rollup(
                workspace_id=company.workspace_id, series_id=series_of(session, "installed").series_id, metric="nps",
                touchpoint="installed", journey="repair", journey_version=1, channel="in_person", persona="", variant="",
                source="solicited", respondent="customer", day=time().date() - timedelta(days=days), score=score, n=200,
            )
        )  # fmt: skip
    session.commit()
    page = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", chosen)
    assert page.compared is not None
    assert page.compared.verdict is None
    assert [(each.journey.key, each.verdict.falls) for each in page.compared.moved] == [("repair", True)]
    shown = signed_in("manager@example.com").get("/touchpoints/installed?days=30").text
    assert re.search(r"points<small>over all journeys; for certain: Repair <span[^>]*>▼ down \d+", shown)
    places = {
        each.touchpoint.key: each
        for each in owner_page.open_places(session, company.workspace_id, chosen.period).places
    }
    assert places["installed"].moved is None
    alone = replace(chosen, journey="repair")
    page = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", alone)
    assert page.compared is not None
    assert page.compared.verdict == page.compared.moved[0].verdict


def test_a_changed_question_breaks_the_series_visibly(
    session: Session, company: Any, chosen: Chosen, seed: Any, time: clock.FixedClock
) -> None:
    old, day = series_of(session, "installed"), time() - timedelta(days=10)
    new = MetricSeries(workspace_id=company.workspace_id, series_id=clock.new_id(), survey="installed", metric="nps",
                       fingerprint="1" * 64, started_at=day, follows=old.series_id, broken_by=["wording"])  # fmt: skip
    session.add(new)
    session.flush()
    for _ in range(29):
        seed.answer(session, company.workspace_id, new.series_id, "installed", 10, time())
    early = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", chosen)
    assert early.reading is not None
    assert early.reading.figure.value != 100, "the old question leads until the new one has thirty answers"
    seed.answer(session, company.workspace_id, new.series_id, "installed", 10, time())
    page = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", chosen)
    assert page.reading is not None
    assert (page.reading.n, page.reading.figure.value) == (30, 100)
    assert [(mark.day, mark.why) for mark in page.breaks] == [(day.date(), ("wording",))]
    assert page.trend[0].figure.n


def test_req_006_comments_are_found_by_words_and_band(session: Session, company: Any, chosen: Chosen) -> None:
    def texts(touchpoints: tuple[str, ...] | None = None, **wanted: Any) -> list[str]:
        of = replace(chosen, touchpoints=touchpoints)
        found = comments.latest(session, company.workspace_id, of, 50, **wanted)
        return [comment.text for comment in found]

    assert len(texts()) == 8
    assert texts(search="techniker") == [text for text in texts() if "Techniker" in text]
    assert len(texts(("installed",), band="bottom")) == 2
    assert len(texts(("installed",), band="top")) == 1
    assert texts(search="day called") == [text for text in texts() if "called" in text]


def test_the_newest_comment_stands_first(session: Session, company: Any, chosen: Chosen) -> None:
    found = comments.latest(session, company.workspace_id, replace(chosen, touchpoints=None), 50)
    assert [comment.at for comment in found] == sorted((comment.at for comment in found), reverse=True)


def test_answers_are_narrowed_by_attribute_and_by_version(
    session: Session, company: Any, chosen: Chosen, seed: Any, time: clock.FixedClock
) -> None:
    series = series_of(session, "installed").series_id
    for _ in range(11):
        row = seed.answer(
            session, company.workspace_id, series, "installed", 10, time(), "L", attributes={"tariff": "L"}
        )
        row.journey_version = 2
        seed.answer(session, company.workspace_id, series, "installed", 9, time(), attributes={"tariff": "S"})
    session.flush()
    count(session, time)
    for narrow, n in ((replace(chosen, attribute=("tariff", "L")), 5), (replace(chosen, version=2), 11)):
        page = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", narrow)
        assert page.reading is not None
        assert (page.reading.n, page.reading.figure.value) == (n, 100)
        assert page.versions == (1, 2)
        assert [each.text for each in comments.latest(session, company.workspace_id, narrow, 50)] == ["L"] * n


def test_the_filters_stay_in_the_address_of_another_period(manager: FlaskClient) -> None:
    page = manager.get("/touchpoints/installed?attribute=tariff%3DL&version=1&q=day").text
    assert "?days=7&amp;version=1&amp;attribute=tariff%3DL&amp;q=day" in page
    assert 'value="tariff=L"' in page


def test_a_comment_that_nobody_asked_for_is_marked_beside_those_asked_for(
    manager: FlaskClient, session: Session, company: Any, seed: Any, time: clock.FixedClock
) -> None:
    series = series_of(session, "installed").series_id
    for text, source in (("Asked", "solicited"), ("Brought", "imported"), ("Unasked", "volunteered")):
        seed.answer(session, company.workspace_id, series, "installed", 3, time(), text, source=source)
    session.commit()
    voices = manager.get("/touchpoints/installed?lang=en").text.split('<li class="voice">')[1:]
    marked = {voice.split("</p>")[0].rsplit(">", 1)[-1]: "volunteered" in voice for voice in voices}
    assert marked["Unasked"]
    assert not any(is_marked for text, is_marked in marked.items() if text != "Unasked")
    assert "unaufgefordert" in manager.get("/touchpoints/installed?lang=de").text


@pytest.mark.parametrize("attribute", ["a:b'\"%s(x)=1", "ü²=1", "k" * 190 + "=1", "a.b[0]=1", "%=%"])
def test_an_odd_attribute_finds_nobody_and_breaks_nothing(manager: FlaskClient, attribute: str) -> None:
    page = manager.get("/touchpoints/installed", query_string={"attribute": attribute})
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("view", "more"),
    [
        ("volunteered", {"source": "volunteered"}),
        ("employee", {"respondent": "employee"}),
        ("partner", {"respondent": "partner"}),
        ("journey", {"target": "journey"}),
        ("interaction", {"target": "interaction"}),
    ],
)
def test_answers_that_stand_apart_have_a_view_of_their_own(
    session: Session,
    company: Any,
    chosen: Chosen,
    seed: Any,
    time: clock.FixedClock,
    signed_in: Callable[[str], FlaskClient],
    view: str,
    more: dict[str, str],
) -> None:
    before = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", chosen)
    series_id = series_of(session, "installed").series_id
    for _ in range(14):
        seed.answer(session, company.workspace_id, series_id, "installed", 10, time(), f"from {view}", **more)
    session.commit()
    page = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", chosen)
    assert before.reading is not None
    assert page.reading is not None
    assert page.reading.figure == before.reading.figure
    assert page.others == {view: 14}
    apart = touchpoint_page.open_touchpoint(
        session, company.workspace_id, "installed", replace(chosen, view=view)
    )
    assert apart.reading is not None
    assert (apart.reading.n, apart.reading.figure.value, apart.reading.response_rate) == (14, 100, None)
    html = signed_in("manager@example.com").get(f"/touchpoints/installed?answers={view}").text
    assert "These answers stand apart" in html
    assert f"from {view}" in html
