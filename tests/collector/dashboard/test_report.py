"""The report of a finished quarter: what hurt, what was done, what recovered, with n and intervals, on one page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, insights
from collector.insights import Recovery, Task, Thought, doing

QUARTER = "2026-Q4"


@pytest.fixture
def after(session: Session, company: Any, time: clock.FixedClock) -> Any:
    """An insight of the quarter that was seen through and has recovered; then the quarter is over."""
    row = insights.file(session, company.workspace_id, Thought("Late visits", "installed"), "ada", time())
    action = doing.add(session, row, Task("Two more vans", "operations", date(2026, 12, 1)), "ada", time())
    doing.change(session, action, {"state": "done", "result": "On the road since May"}, "ada", time())
    for state in ("accepted", "working", "done"):
        insights.move(session, row, state, "ada", time())
    watched = session.get_one(Recovery, (company.workspace_id, row.insight_id))
    watched.state, watched.n_before, watched.n_since = "recovered", 212, 198
    watched.estimate, watched.low, watched.high = 18.0, 6.0, 30.0
    watched.recovered_on = watched.done_on
    session.commit()
    time.move(days=60)
    return row


def test_req_089_it_says_what_hurt_was_done_and_recovered_with_n_and_interval(
    after: Any, manager: FlaskClient
) -> None:
    page = manager.get(f"/report?quarter={QUARTER}&lang=en").text
    assert "Quarter 4 of 2026" in page
    hurt, done, recovered = (_part(page, name) for name in ("hurt", "done", "recovered"))
    assert "Between “Order confirmation page” and “Appointment booking” the score falls by" in hurt
    assert "95% interval" in hurt
    assert re.search(r", n [\d,]+ and [\d,]+\)", hurt), "on both sides"
    assert "percentage points</strong> CSAT" in hurt or "points</strong> NPS" in hurt
    assert "Each journey is looked at by itself" in hurt
    assert "Two more vans" in done
    assert "On the road since May" in done
    assert "n 212 before, 198 since" in recovered
    assert "+6 to +30" in recovered
    assert "days of the time zone UTC" in page


def test_without_a_name_it_is_the_last_quarter_that_is_over(after: Any, manager: FlaskClient) -> None:
    assert "Quarter 4 of 2026" in manager.get("/report?lang=en").text


def test_it_speaks_the_companys_language(
    after: Any, manager: FlaskClient, session: Session, company: Any
) -> None:
    company = session.merge(company)
    company.locale = "de"
    session.commit()
    assert "Was wehgetan hat" in manager.get("/report", headers={"Accept-Language": "en"}).text
    assert "What hurt" in manager.get("/report?lang=en").text


def test_a_quarter_that_is_not_over_is_refused(company: Any, manager: FlaskClient, read_key: Any) -> None:
    assert manager.get(f"/report?quarter={QUARTER}").status_code == 422
    answer = manager.get(f"/api/v1/reports/quarter?quarter={QUARTER}", headers=read_key)
    assert (answer.status_code, answer.json["code"]) == (422, "quarter_not_over")


def test_a_quarter_without_answers_says_so(company: Any, manager: FlaskClient) -> None:
    page = manager.get("/report?quarter=2020-Q1&lang=en").text
    assert "Nothing stands out for certain." in page
    assert "No action was finished in this quarter." in page
    assert "No insight was marked as done in this quarter." in page


def test_the_call_has_the_same_figures(after: Any, client: FlaskClient, read_key: Any) -> None:
    found = client.get(f"/api/v1/reports/quarter?quarter={QUARTER}", headers=read_key).json
    assert (found["quarter"], found["from"], found["to"], found["zone"]) == (
        QUARTER, "2026-10-01", "2026-12-31", "UTC",
    )  # fmt: skip
    assert found["hurt"][0]["low"] < found["hurt"][0]["high"] < 0
    assert min(min(each["n"]) for each in found["hurt"]) >= 30
    assert found["filed"] == {"done": 1}
    assert [each["title"] for each in found["done"]] == ["Two more vans"]
    (recovered,) = found["recoveries"]
    assert (recovered["state"], recovered["n_before"], recovered["low"]) == ("recovered", 212, 6.0)
    assert (recovered["insight"], recovered["touchpoint"]) == ("Late visits", "installed")
    assert recovered["insight_id"]
    assert recovered["before_from"] < recovered["done_on"]


def test_a_department_sees_what_was_done_of_its_own(
    after: Any, signed_in: Callable[[str], FlaskClient], session: Session, company: Any
) -> None:
    operations = signed_in("ops@example.com")
    assert "Two more vans" in operations.get("/report?lang=en").text
    after = session.merge(after)
    insights.edit(session, after, {"owners": ["sales"]}, "ada", after.changed_at)
    session.commit()
    assert "Two more vans" not in operations.get("/report?lang=en").text


def _part(page: str, name: str) -> str:
    return page.split(f'data-part="{name}"')[1].split("</section>")[0]
