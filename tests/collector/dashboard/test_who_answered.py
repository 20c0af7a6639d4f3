"""Who answered, beside who was asked: by channel exactly, by persona in groups of five."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.dashboard.period import Period
from collector.dashboard.sources import Chosen
from collector.dashboard.who_answered import reach, who_answered, who_was_asked
from collector.invitations import Invitation
from collector.kpis import rollups
from collector.surveys import MetricSeries

Ask = Callable[..., None]


@pytest.fixture
def series(session: Session, company: Any) -> uuid.UUID:
    return session.scalars(select(MetricSeries.series_id).where(MetricSeries.survey == "hotline")).one()


@pytest.fixture
def ask(session: Session, company: Any, series: uuid.UUID, seed: Any, time: clock.FixedClock) -> Ask:
    """Ask so many customers at the hotline today, of whom some answer: ``ask(20, 8, channel="phone", persona="senior")``."""
    time.move(days=1)  # whom the company asked before is no concern here

    def call(asked: int, answered: int, **tags: Any) -> None:
        for number in range(asked):
            is_answered = number < answered
            session.add(
                Invitation(
                    workspace_id=company.workspace_id, invitation_id=clock.new_id(), survey="hotline", survey_version=1,
                    series_id=series, touchpoint="hotline", state="answered" if is_answered else "open", source="solicited",
                    created_at=time(), expires_at=time() + timedelta(days=30), **tags,
                )
            )  # fmt: skip
            if is_answered:
                seed.answer(
                    session, company.workspace_id, series, "hotline", 9, time(), persona=tags.get("persona")
                )
        while rollups.count(session, time() + timedelta(minutes=1)):
            pass
        session.commit()

    return call


def told(session: Session, company: Any, time: clock.FixedClock) -> list[tuple[str, str, int, int]]:
    chosen = Chosen(Period(time().date(), time().date()), touchpoints=("hotline",))
    asked = who_was_asked(session, company.workspace_id, chosen, "hotline")
    found = who_answered(session, company.workspace_id, chosen, "nps", asked)
    return [(each.by, each.name, each.answered.count, each.answered.base) for each in found]


def only(time: clock.FixedClock) -> dict[str, str]:
    """The day of these answers alone, in a page's address."""
    return {"from": time().date().isoformat(), "to": time().date().isoformat()}


def test_those_least_heard_stand_first(session: Session, company: Any, time: Any, ask: Ask) -> None:
    ask(20, 10, channel="phone")
    ask(40, 4, channel="web")
    assert told(session, company, time) == [("channel", "web", 4, 40), ("channel", "phone", 10, 20)]


def test_by_persona_answers_come_in_groups_of_five(
    session: Session, company: Any, time: Any, ask: Ask
) -> None:
    ask(30, 17, channel="phone", persona="senior")
    ask(30, 8, channel="phone", persona="junior")
    assert told(session, company, time) == [("persona", "junior", 5, 30), ("persona", "senior", 15, 30)]


def test_a_few_customers_are_left_out_with_company(
    session: Session, company: Any, time: Any, ask: Ask
) -> None:
    ask(30, 5, channel="phone")
    ask(3, 3, channel="web")
    assert told(session, company, time) == [], "beside the total, the phone's would tell of the three"


def test_the_page_lists_them(
    session: Session, company: Any, time: Any, ask: Ask, manager: FlaskClient
) -> None:
    ask(20, 10, channel="phone")
    ask(40, 4, channel="web")
    html = manager.get("/touchpoints/hotline?days=30").text
    assert "Who answered" in html
    assert "10 %" in html


def test_rates_by_persona_are_said_to_lie_too_low(
    session: Session, company: Any, time: Any, ask: Ask, manager: FlaskClient
) -> None:
    note = "By persona only answers in closed groups of five are counted"
    ask(20, 10, channel="phone")
    ask(40, 4, channel="web")
    assert note not in manager.get("/touchpoints/hotline", query_string=only(time)).text
    ask(30, 17, channel="phone", persona="senior")
    page = manager.get("/touchpoints/hotline", query_string=only(time)).text
    assert note in page
    assert "at least 50 %" in page, "15 of 30: two more stay back"


def test_answers_that_were_sampled_stand_for_more(
    session: Session, company: Any, time: Any, ask: Ask, manager: FlaskClient
) -> None:
    ask(20, 10, channel="phone", probability=0.1)
    ask(5, 5, channel="phone", probability=1.0)
    today = Period(time().date(), time().date())
    found = reach(who_was_asked(session, company.workspace_id, Chosen(today), "hotline"))
    assert (found.n, round(found.weight), found.is_more) == (15, 105, True)
    assert found.effective_n == round(105**2 / (10 * 100 + 5))
    html = manager.get("/touchpoints/hotline", query_string=only(time)).text
    assert "stand for about 105" in html
    assert "about as certain as one from 11 answers of equal weight" in html


def test_answers_of_one_chance_are_as_certain_as_they_are_many(
    company: Any, time: Any, ask: Ask, manager: FlaskClient
) -> None:
    ask(20, 10, channel="phone", probability=0.1)
    html = manager.get("/touchpoints/hotline", query_string=only(time)).text
    assert "stand for about 100" in html
    assert "of equal weight" not in html
