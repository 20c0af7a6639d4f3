"""The page of what is kept: it shows what would go before anything is saved, and what went afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from browsers import Browser
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.erasure import retention


@pytest.fixture
def said(
    session: Session,
    company: workspaces.Workspace,
    trigger: Callable[..., Any],
    answer: Callable[..., Any],
    time: clock.FixedClock,
) -> None:
    """Three old answers, two of them with words, and a new one."""
    for words in ({"comment": "Late"}, {"comment": "Later"}, {}):
        answer(trigger()["invitation"]["token"], score=2, complete=True, **words)
    time.move(days=40)
    answer(trigger()["invitation"]["token"], score=9, comment="Fine", complete=True)


def _rows(page: str) -> dict[str, list[str]]:
    """What the table says, by kind."""
    table = page[page.index("goes-title") : page.index("went-title")]
    plain = [
        [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in re.split(r"</t[hd]>", row)]
        for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", table, re.DOTALL)
    ]
    return {row[0]: row[1:4] for row in plain}


def test_what_would_go_is_shown_and_nothing_is_saved(said: None, ada: Browser, session: Session) -> None:
    days = "keep_answers=30&keep_comments=35&keep_interactions=&keep_outcomes=90&keep_record=90"
    rows = _rows(ada.get(f"/retention?{days}").text)
    assert rows == {
        "Answers": ["for 30 days until now: for ever", "3", "Nov 2, 2026"],
        "Comments": ["for 35 days until now: for ever", "2", "Nov 2, 2026"],
        "Steps": ["for ever", "0", "–"],
        "Outcomes": ["for 90 days until now: for ever", "0", "–"],
        "Record": ["for 90 days until now: for ever", "0", "–"],
    }
    assert ada.get("/api/v1/workspace").json["keep_answers"] == 0


def test_what_was_shown_is_saved_and_what_went_stands_there(
    said: None, ada: Browser, session: Session, time: clock.FixedClock
) -> None:
    shown = ada.get("/retention?keep_answers=30").text
    hidden = dict(re.findall(r'<input type="hidden" name="(keep_\w+)" value="(\d+)">', shown))
    assert hidden["keep_answers"] == "30"
    assert ada.post("/retention", "/retention?keep_answers=30", **hidden).status_code == 303
    assert ada.get("/api/v1/workspace").json["keep_answers"] == 30
    assert "Nothing so far." in ada.get("/retention?saved").text
    assert retention.let_go(session, time()) == 3
    session.commit()
    page = ada.get("/retention").text
    assert _rows(page)["Answers"] == ["for 30 days", "0", "–"]
    assert re.search(r"<strong>Answers</strong> <span class=\"quiet\">3</span>", page)
    assert "retention" in ada.get("/record?actor=retention").text


@pytest.mark.parametrize("days", ["29", "x", "-1", "99999999"])
def test_days_that_do_not_fit_are_told_beside_their_field(company: Any, ada: Browser, days: str) -> None:
    shown = ada.get(f"/retention?keep_answers={days}")
    assert (shown.status_code, "must be 0 (for ever) or 30 to 36500 days" in shown.text) == (422, True)
    assert "Keep it so" not in shown.text
    assert ada.post("/retention", "/retention", keep_answers=days).status_code == 422
    assert ada.get("/api/v1/workspace").json["keep_answers"] == 0
