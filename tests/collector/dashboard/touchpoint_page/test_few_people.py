"""The page of a touchpoint shows of a few people neither figure nor comment, whatever is selected."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector import clock
from collector.dashboard import touchpoint_page
from collector.dashboard.sources import Chosen
from collector.kpis import Rollup
from collector.responses import Response
from tests.collector.dashboard.touchpoint_page.conftest import count, series_of


def test_a_selection_of_fewer_than_five_people_stays_hidden(
    session: Session, company: Any, chosen: Chosen, seed: Any, time: clock.FixedClock
) -> None:
    series = series_of(session, "installed")
    for _ in range(4):
        seed.answer(session, company.workspace_id, series.series_id, "installed", 3, time(), persona="senior")
    count(session, time)
    narrow = replace(chosen, persona="senior")
    page = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", narrow)
    assert (page.hidden, page.reading, page.trend) == (True, None, ())
    for _ in range(6):  # of ten, five stay back beside the three answers without a persona
        seed.answer(session, company.workspace_id, series.series_id, "installed", 3, time(), persona="senior")
    count(session, time)
    page = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", narrow)
    assert page.hidden is False
    assert page.personas == ("senior",)


@pytest.mark.parametrize("by", ["persona", "attribute"])
def test_selections_side_by_side_are_shown_in_groups_of_five(
    session: Session, company: Any, chosen: Chosen, seed: Any, time: clock.FixedClock, by: str
) -> None:
    series = series_of(session, "installed")
    for table in (Rollup, Response):
        session.execute(delete(table).where(table.touchpoint == "installed"))
    for group, n in {"household": 12, "senior": 6, "mover": 4}.items():
        given: dict[str, Any] = {"persona": group} if by == "persona" else {"attributes": {"kind": group}}
        for _ in range(n):
            seed.answer(session, company.workspace_id, series.series_id, "installed", 9, time(), **given)
    count(session, time)
    shown = {}
    for group in ("household", "senior", "mover"):
        narrow = (
            replace(chosen, persona=group) if by == "persona" else replace(chosen, attribute=("kind", group))
        )
        page = touchpoint_page.open_touchpoint(session, company.workspace_id, "installed", narrow)
        shown[group] = page.reading.n if page.reading else None
    assert shown == {"household": 10, "senior": 5, "mover": None}


def test_a_hidden_selection_shows_no_comment_either(
    manager: FlaskClient, session: Session, company: Any, seed: Any, time: clock.FixedClock
) -> None:
    series = series_of(session, "installed")
    seed.answer(
        session, company.workspace_id, series.series_id, "installed", 3, time(), "Secret", persona="senior"
    )
    session.commit()
    page = manager.get("/touchpoints/installed?persona=senior").text
    assert "Fewer than five customers" in page
    assert "Secret" not in page


def test_an_attribute_of_a_few_people_shows_neither_figure_nor_comment(
    manager: FlaskClient, session: Session, company: Any, seed: Any, time: clock.FixedClock
) -> None:
    series = series_of(session, "installed").series_id
    for score in (3, 3, 3, None):
        seed.answer(session, company.workspace_id, series, "installed", score, time(), "Secret", attributes={"vip": "yes"})  # fmt: skip
    session.commit()
    assert "Secret" in manager.get("/touchpoints/installed").text
    page = manager.get("/touchpoints/installed?attribute=vip%3Dyes").text
    assert "Fewer than five customers" in page
    assert "Secret" not in page


def test_words_without_scores_of_a_few_people_stay_hidden_too(
    manager: FlaskClient, session: Session, company: Any, seed: Any, time: clock.FixedClock
) -> None:
    series = series_of(session, "installed").series_id
    seed.answer(
        session, company.workspace_id, series, "installed", None, time(), "Secret", attributes={"vip": "yes"}
    )
    session.commit()
    page = manager.get("/touchpoints/installed?attribute=vip%3Dyes").text
    assert "Fewer than five customers" in page
    assert "Secret" not in page


def test_a_selection_that_leaves_a_few_others_stays_hidden(
    session: Session, company: Any, chosen: Chosen, seed: Any, time: clock.FixedClock
) -> None:
    series = series_of(session, "first-bill").series_id
    session.execute(delete(Rollup).where(Rollup.touchpoint == "first-bill"))
    for number in range(9):
        persona = "senior" if number < 6 else "student"
        seed.answer(session, company.workspace_id, series, "first-bill", 3, time(), persona=persona)
    session.execute(delete(Response).where(Response.touchpoint == "first-bill", Response.persona.is_(None)))
    count(session, time)
    narrow = replace(chosen, touchpoints=("first-bill",), persona="senior")
    page = touchpoint_page.open_touchpoint(session, company.workspace_id, "first-bill", narrow)
    assert page.hidden, "the other three would be known by subtraction"


def test_few_answers_are_called_too_few_on_their_page_and_moved_in_no_list(
    session: Session, company: Any, seed: Any, time: clock.FixedClock, manager: FlaskClient
) -> None:
    """Six answers of now beside five of the days before: no list says that the figure went up."""
    for table in (Rollup, Response):
        session.execute(delete(table).where(table.touchpoint == "installed"))
    series_id = series_of(session, "installed").series_id
    for days, scores in ((1, [10] * 6), (35, [0] * 5)):
        for score in scores:
            at = time() - timedelta(days=days)
            seed.answer(session, company.workspace_id, series_id, "installed", score, at)
    session.commit()
    assert "too few answers to compare" in manager.get("/touchpoints/installed?days=30").text
    lists = ("/touchpoints", "/owners/operations", "/desk", "/journeys/first-order", "/journeys")
    for path in lists:
        shown = manager.get(f"{path}?days=30").text
        at = shown.find("/touchpoints/installed")
        row = shown[at : shown.find("</tr>", at)] if path == "/touchpoints" else shown
        assert "▲" not in row, path
