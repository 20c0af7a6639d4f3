"""The list of all touchpoints: what is worse for certain first, fifty on a page, searched over all pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, journeys
from collector.journeys import Touchpoint

ROW = re.compile(r'<th scope="row"><a href="/touchpoints/([^"?]+)')


@pytest.fixture
def many(session: Session, company: Any, time: clock.FixedClock) -> None:
    """A hundred touchpoints more, none of them measured."""
    for number in range(100):
        extra = Touchpoint(f"extra-{number:02}", f"Extra {number:02}", "letter")
        journeys.save(session, company.workspace_id, extra, None, "test", time())
    session.commit()


def rows(browser: FlaskClient, query: str = "") -> list[str]:
    return ROW.findall(browser.get(f"/touchpoints{query}").text)


def test_the_unhappiest_come_first_and_what_has_no_answers_last(manager: FlaskClient, company: Any) -> None:
    found = rows(manager)
    assert found[0] == "installed"
    assert found[-1] == "advert"
    assert len(found) == 9


def test_a_short_list_has_no_pages_to_turn(manager: FlaskClient, company: Any) -> None:
    assert 'class="pager"' not in manager.get("/touchpoints").text


def test_the_pages_hold_every_touchpoint_once_in_one_order(manager: FlaskClient, many: None) -> None:
    pages = [rows(manager, f"?page={number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 9]
    every = [key for page in pages for key in page]
    assert len(set(every)) == 109
    assert every[0] == "installed"
    assert every[9:] == sorted(every[9:]), "those without answers stand by name"


def test_each_page_says_where_it_stands_and_leads_on_and_back(manager: FlaskClient, many: None) -> None:
    first, last = (manager.get(f"/touchpoints?days=30&page={number}&lang=en").text for number in (1, 3))
    assert "1 to 50 of 109" in first
    assert 'rel="next" href="?days=30&amp;lang=en&amp;page=2"' in first
    assert 'rel="prev"' not in first
    assert "101 to 109 of 109" in last
    assert 'rel="prev" href="?days=30&amp;lang=en&amp;page=2"' in last
    assert 'rel="next"' not in last


def test_a_page_beyond_the_last_is_the_last(manager: FlaskClient, many: None) -> None:
    assert rows(manager, "?page=99") == rows(manager, "?page=3")
    assert rows(manager, "?page=0") == rows(manager)


def test_the_search_finds_on_every_page_and_stays_when_the_page_is_turned(
    manager: FlaskClient, many: None
) -> None:
    assert rows(manager, "?q=extra+99") == ["extra-99"]
    page = manager.get("/touchpoints?q=extra&channel=letter").text
    assert "1 to 50 of 100" in page
    assert "channel=letter&amp;q=extra&amp;page=2" in page


def test_a_measured_touchpoint_has_its_trend_on_whatever_page_it_stands(
    manager: FlaskClient, many: None
) -> None:
    page = manager.get("/touchpoints").text
    row = page.split('<a href="/touchpoints/installed')[1].split("</tr>")[0]
    assert "<svg" in row
    assert "Trend: no data" not in row
