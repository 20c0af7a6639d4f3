"""The page of moving in: try another tool's files, see what becomes of them, take them; and who was asked there is left alone."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import workbook
from browsers import PASSWORD, Browser, sign_in
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import changes, journeys, workspaces
from collector.responses import Response

FILES = Path(__file__).parents[1] / "exchange/tools/files/delighted"
HELPLINE = {"touchpoints": [{"key": "helpline", "name": "Helpline", "channel": "phone"}]}


@pytest.fixture
def administrator(app: Any, session: Session, company: Any, time: Any) -> Browser:
    journeys.apply(session, company.workspace_id, HELPLINE, "test", time())
    workspaces.add_person(
        session, company.workspace_id, "mover@example.com", "Mover", PASSWORD, time(), role="administrator"
    )
    session.commit()
    return sign_in(app, "mover@example.com")


def send(browser: Browser, do: str, *names: str, **said: Any) -> Any:
    files = [(io.BytesIO((FILES / name).read_bytes()), name) for name in names]
    form = {"tool": "delighted", "touchpoint": "helpline", "do": do, "files": files, **said}
    return browser.post("/imports/files", **form)


def counted(session: Session) -> int:
    found = session.scalar(select(func.count()).select_from(Response)) or 0
    session.rollback()
    return found


def test_a_trial_shows_what_would_be_kept_and_keeps_nothing(administrator: Browser, session: Session) -> None:
    before = counted(session)
    page = send(administrator, "try", "responses.csv", "unsubscribes.json", attribute="Plan")
    assert page.status_code == 200
    assert "A trial: nothing was kept." in page.text
    assert "Becomes nps at helpline, in a series of its own: delighted-nps." in page.text
    assert "Friendly, and quick to answer" in page.text
    assert "plan: gold" in page.text
    assert "<li>Permalink: 5 rows</li>" in page.text
    assert "<li>objections: 1</li>" in page.text
    assert "ada@example.com" not in page.text
    assert counted(session) == before


def test_a_sheet_is_chosen_and_the_others_are_named(
    administrator: Browser, session: Session, tmp_path: Path
) -> None:
    head, before = ["id", "submitdate", "NPS"], counted(session)
    months = {"March": [head, ["1", date(2026, 3, 1), 3]], "April": [head, ["2", date(2026, 4, 1), 10]]}
    file = (io.BytesIO(workbook.write(tmp_path / "months.xlsx", months).read_bytes()), "months.xlsx")
    form = {"tool": "limesurvey", "touchpoint": "helpline", "do": "take", "files": [file], "sheet": "April"}
    page = administrator.post("/imports/files", **form)
    assert page.status_code == 200
    assert "Sheets that were not read: March" in page.text
    assert (counted(session), session.scalar(select(func.max(Response.score)))) == (before + 1, 10)


def test_the_files_are_taken_once_and_that_is_in_the_record(
    administrator: Browser, session: Session, company: Any
) -> None:
    before = counted(session)
    page = send(administrator, "take", "responses.json", "people.json")
    assert "The files were taken." in page.text
    assert "3 taken, 0 here already." in page.text
    assert counted(session) == before + 4
    again = send(administrator, "take", "responses.json", "people.json")
    assert "0 taken, 3 here already." in again.text
    assert counted(session) == before + 4
    noted = changes.changes(session, company.workspace_id, changes.Wanted(verb="imported"))
    assert [(row.actor, row.key) for row in noted] == [("mover@example.com", "delighted")] * 2


@pytest.mark.parametrize(
    ("names", "said", "told"),
    [
        ((), {}, "Choose a file first."),
        (("responses.csv",), {"touchpoint": ""}, "needs the touchpoint"),
        (("responses.csv",), {"tool": "limesurvey"}, "no file of LimeSurvey"),
        (("responses.csv",), {"question": "Score"}, "is no question"),
        (("responses.csv",), {"tool": "gossip"}, "There is no tool"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_kept(
    administrator: Browser, session: Session, names: tuple[str, ...], said: dict[str, str], told: str
) -> None:
    before = counted(session)
    page = send(administrator, "take", *names, **said)
    assert page.status_code in {404, 422}
    assert told in page.text
    assert counted(session) == before
