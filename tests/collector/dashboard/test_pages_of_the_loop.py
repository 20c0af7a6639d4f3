"""From signal to recovery, each demand on the page that shows it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector import clock, insights, invitations, signals
from collector.insights import Cited, Insight, Task, Thought, doing
from collector.kpis import Rollup, rollups, verdicts
from collector.responses import Response
from collector.surveys import MetricSeries

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def filed(session: Session, company: Any, time: clock.FixedClock) -> Insight:
    """An insight of Operations on the technician's visit, from what the verdicts state of it, citing an answer."""
    today = time().date()
    first = today - timedelta(days=29)
    window = insights.Cited("touchpoint", "first-order", "installed", first, today).window
    places = verdicts.places(session, company.workspace_id, "first-order")
    pains = verdicts.of_journey(session, company.workspace_id, window, "first-order", places).pains
    place = next(each.touchpoint for each in pains)
    kept = insights.gather(
        session, company.workspace_id, Cited("touchpoint", "first-order", place, first, today)
    )
    said = select(Response.response_id).where(
        Response.touchpoint == "installed", Response.comment.is_not(None)
    )
    cites = [session.scalars(said.limit(1)).one()]
    thought = Thought(
        "Nobody comes in time", place, owners=["operations", "sales"], evidence=kept, cites=cites
    )
    row = insights.file(session, company.workspace_id, thought, "ops@example.com", time())
    session.commit()
    return row


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_req_022_the_page_shows_the_cited_answer_and_its_tombstone(
    manager: FlaskClient, session: Session, filed: Insight
) -> None:
    address = f"/insights/{filed.insight_id}"
    (cited,) = insights.reading.citations_of(session, filed)
    assert cited.answer is not None
    words = str(cited.answer.comment)[:20]
    assert words in read(manager, address)
    session.execute(delete(Response).where(Response.response_id == cited.response_id))
    session.commit()
    page = read(manager, address)
    assert words not in page
    assert "It has been erased since." in page


def test_req_049_the_page_shows_who_moved_it_and_when(
    manager: FlaskClient, session: Session, filed: Insight, time: clock.FixedClock
) -> None:
    for state in ("accepted", "working", "done", "checked"):
        insights.move(session, filed, state, "ops@example.com", time())
    session.commit()
    page = read(manager, f"/insights/{filed.insight_id}")
    history = page[page.index('id="history"') :]
    for said in ("filed it", "accepted", "being worked on", "done", "checked"):
        assert f"ops@example.com: {said}" in " ".join(history.split())
    assert time().isoformat() in history


def test_req_053_the_board_of_each_owner_shows_it(manager: FlaskClient, filed: Insight) -> None:
    for owner, shows in (("operations", True), ("sales", True), ("billing", False)):
        assert (filed.title in read(manager, f"/insights?owner={owner}")) is shows, owner


def test_req_084_the_page_shows_the_priority_and_its_formula(manager: FlaskClient, filed: Insight) -> None:
    assert "priority " in read(manager, "/insights")
    page = " ".join(read(manager, f"/insights/{filed.insight_id}").split())
    assert "Priority = reach × effect:" in page
    assert "answers in 30 days, had everybody been asked, ×" in page


def test_req_091_the_page_and_the_desk_show_until_when(
    manager: FlaskClient, session: Session, filed: Insight, time: clock.FixedClock, signed_in: Any
) -> None:
    doing.add(session, filed, Task("Two more vans", "operations", date(2026, 11, 20)), "ada", time())
    session.commit()
    for client, path in ((manager, f"/insights/{filed.insight_id}"), (signed_in("ops@example.com"), "/desk")):
        page = read(client, path)
        assert "Two more vans" in page
        assert "Nov 20, 2026" in page


def test_req_135_the_page_says_whether_it_helped(
    manager: FlaskClient, session: Session, filed: Insight, time: clock.FixedClock
) -> None:
    for state in ("accepted", "working", "done"):
        insights.move(session, filed, state, "ops@example.com", time())
    session.commit()
    page = read(manager, f"/insights/{filed.insight_id}")
    assert "Did it help?" in page
    assert "0 answers since it was done; at 30 it is compared with before." in page


def test_the_page_asks_the_unhappy_who_agreed_once_more(
    manager: FlaskClient, session: Session, filed: Insight, company: Any, time: clock.FixedClock
) -> None:
    address = f"/insights/{filed.insight_id}"
    assert "Asked once more" not in read(manager, address)
    for state in ("accepted", "working", "done"):
        insights.move(session, filed, state, "ops@example.com", time())
    session.commit()
    there = select(Response).where(Response.touchpoint == filed.touchpoint)
    said = session.scalars(there.order_by(Response.day.desc()).limit(2)).all()
    for number, row in enumerate(said):
        row.customer, row.score = f"cu_{number:024}", 0
    session.commit()
    page = " ".join(read(manager, address).split())
    assert "2 customers were unhappy here. 0 of them agreed to be written to." in page
    assert f'action="{address}/follow-ups"' not in page
    customers = [each.customer for each in insights.unhappy.of(session, filed)[:2]]
    agreed = {"channel": "email", "given": True, "text_version": "1", "source": "form", "at": None}
    for customer in customers:
        invitations.record_consent(session, company.workspace_id, customer, agreed, time())
    session.commit()
    page = read(manager, address)
    assert "Ask 2 customers whether it is better now" in page
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    answer = manager.post(f"{address}/follow-ups", data={"csrf": token[1]})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}#follow-up")
    page = read(manager, address)
    assert "2 waiting, 0 not asked: until when, and why" in page
    assert f'href="/why?customer={customers[0]}"' in page
    assert "asked the unhappy once more" in page


def test_what_concerns_many_stands_above_what_single_customers_wrote(
    manager: FlaskClient, session: Session, company: Any, filed: Insight, time: clock.FixedClock
) -> None:
    days = {"from": "2026-10-06", "to": "2026-11-02"}
    topic = {"name": "cold showers", "n": 14, "topic_id": str(filed.insight_id), **days}
    for rule, subject, facts in (("topic", "cold", topic), ("unhappy", "one", {"score": 0})):
        found = signals.Found(rule, "installed", subject, time().date(), facts, metric="nps")
        assert signals.raise_signal(session, company.workspace_id, found, time()) is not None
        time.move(minutes=5)
    session.commit()
    page = read(manager, "/signals")
    assert "What concerns many customers stands first" in page
    assert page.index("cold showers") < page.index("An unhappy customer") < page.index("</ol>")
    assert "cold showers" not in read(manager, "/signals?kind=unhappy")


def test_req_136_the_page_shows_no_slice_under_five_nor_what_differences_would_tell(
    manager: FlaskClient, session: Session, company: Any, seed: Any, time: clock.FixedClock
) -> None:
    for table in (Rollup, Response):
        session.execute(delete(table).where(table.touchpoint == "installed"))
    series = session.scalars(select(MetricSeries.series_id).where(MetricSeries.survey == "installed")).one()
    for persona, score, n in (("senior", 9, 10), ("junior", 0, 2)):
        for _ in range(n):
            seed.answer(session, company.workspace_id, series, "installed", score, time(), persona=persona)
    session.flush()
    while rollups.count(session, time()):
        pass
    session.commit()
    assert "share of 12 answers" in read(manager, "/touchpoints/installed"), "the whole is exact"
    assert "share of 5 answers" in read(manager, "/touchpoints/installed?persona=senior"), (
        "12 - 5 leaves seven of both"
    )
    hidden = read(manager, "/touchpoints/installed?persona=junior")
    assert "Fewer than five customers" in hidden
