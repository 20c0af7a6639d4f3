"""What customers do: repeats, times, where they leave, the ways they take, and that the picture is fair."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from collector import clock, journeys
from collector.dashboard import paths_page
from collector.dashboard.period import Period
from collector.interactions import JourneyInstance
from collector.kpis import walks

HOUR = timedelta(hours=1)


@pytest.fixture
def journey(session: Session, company: Any, time: clock.FixedClock) -> str:
    """A journey of its own over known touchpoints, silent for ten days means gone."""
    touchpoints = [{"key": key, "name": key.title(), "channel": "web"} for key in ("basket", "paid", "sent")]
    steps = [
        {"key": key, "name": f"I am at {key}", "touchpoint": key, "milestone": key != "paid"}
        for key in ("basket", "paid", "sent")
    ]
    entry = {
        "key": "buy", "name": "Buy", "definition": "From basket to parcel", "customer_goal": "A parcel", "business_goal": "Orders",
        "abandoned_after_days": 10, "phases": [{"key": "all", "name": "All", "steps": steps}],
    }  # fmt: skip
    journeys.apply(
        session, company.workspace_id, {"touchpoints": touchpoints, "journeys": [entry]}, "t", time()
    )
    session.commit()
    return "buy"


@pytest.fixture
def walk(client: FlaskClient, server_key: dict[str, str], journey: str) -> Callable[..., None]:
    """``walk("c-1", "basket paid sent", begin, gap)``: one customer's way, a step each gap."""

    def call(customer: str, steps: str, begin: datetime, gap: timedelta = HOUR) -> None:
        items = [
            {"customer": customer, "touchpoint": step, "journey": journey, "occurred_at": (begin + n * gap).isoformat()}
            for n, step in enumerate(steps.split())
        ]  # fmt: skip
        sent = client.post("/api/v1/interactions", json={"interactions": items}, headers=server_key)
        assert sent.json["accepted"] == len(items), sent.text

    return call


@pytest.fixture
def page(session: Session, company: Any, time: clock.FixedClock) -> Callable[[], paths_page.PathsPage]:
    def open_page() -> paths_page.PathsPage:
        last: date = time().date()
        period = Period(last - timedelta(days=89), last)
        found = paths_page.open_paths(session, company.workspace_id, "buy", period, time())
        session.rollback()  # lets go of the database for the next write
        return found

    return open_page


def test_req_107_the_page_tells_times_repeats_and_where_customers_leave(
    walk: Any, page: Any, time: clock.FixedClock
) -> None:
    long_ago = time() - timedelta(days=40)
    for number in range(6):
        walk(f"done-{number}", "basket paid sent", long_ago, gap=(number + 1) * HOUR)
    for number in range(4):
        walk(f"left-{number}", "basket basket", long_ago)
    basket, paid, sent = page().steps
    assert (basket.visits, basket.repeated.count) == (14, 4)
    assert (basket.left.count, basket.left.base) == (4, 10)
    assert (paid.left.count, sent.left.count) == (0, 0)
    assert basket.dwell is not None
    assert (basket.dwell.n, basket.dwell.median) == (6, 3.5 * HOUR)
    assert sent.dwell is None
    assert (page().abandoned.count, page().abandoned.base) == (4, 10)


def test_req_031_milestones_say_how_many_get_on(walk: Any, page: Any, time: clock.FixedClock) -> None:
    for number in range(10):
        walk(f"c-{number}", "basket paid sent" if number < 6 else "basket", time() - timedelta(days=40))
    first, last = page().milestones
    assert (first.reached, last.reached) == (10, 6)
    assert last.share.value == 60.0


def test_who_began_lately_is_not_judged_though_a_few_are_through_already(
    walk: Any, page: Any, time: clock.FixedClock
) -> None:
    for number in range(8):
        walk(f"c-{number}", "basket paid sent", time() - timedelta(days=3))
    assert (page().n, page().abandoned.base) == (8, 0)


def test_ways_of_fewer_than_five_people_are_summed_up(walk: Any, page: Any, time: clock.FixedClock) -> None:
    for number in range(9):
        walk(f"c-{number}", "basket paid sent" if number < 5 else "basket sent", time() - timedelta(days=40))
    (way,) = page().ways
    assert (way.names, way.taken.count) == (("I am at basket", "I am at paid", "I am at sent"), 5)
    assert page().others == 4


def test_a_trigger_beside_its_interaction_is_one_visit(
    walk: Any, page: Any, client: FlaskClient, server_key: dict[str, str], time: clock.FixedClock
) -> None:
    walk("c-1", "basket", time())
    trigger = {"touchpoint": "basket", "journey": "buy", "customer": "c-1", "transaction": "b-1"}
    assert (
        client.post("/api/v1/triggers", json={"triggers": [trigger]}, headers=server_key).status_code == 200
    )
    assert page().steps[0].visits == 1
    walk("c-1", "basket", time() + timedelta(minutes=5))
    assert page().steps[0].visits == 2


def test_too_many_ways_are_thinned_out_evenly(
    walk: Any, page: Any, time: clock.FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths_page, "MOST", 5)
    for number in range(20):
        walk(f"c-{number}", "basket paid sent" if number < 10 else "basket", time() - timedelta(days=60 - number))  # fmt: skip
    found = page()
    assert (found.n, found.all) == (5, 20)
    assert 1 <= found.abandoned.count < found.abandoned.base


def test_the_page_is_led_to_and_says_it_in_a_sentence(
    walk: Any, manager: FlaskClient, time: clock.FixedClock
) -> None:
    for number in range(40):
        walk(f"c-{number}", "basket paid sent" if number < 30 else "basket", time() - timedelta(days=40))
    assert b"/journeys/buy/paths?days=90" in manager.get("/journeys/buy?days=90").data
    html = manager.get("/journeys/buy/paths?days=90").text
    verdict = re.sub(r"<[^>]+>|\s+", " ", html[html.index('data-part="verdict"') :])
    assert "10 of 40 customers left before “I am at sent”." in verdict
    assert (
        "Most of them left after “I am at basket”: 10 of the 40 who came by (25 %, 95% interval 14 % to 40 %)."
        in verdict
    )
    steps = re.sub(r"<[^>]+>|\s+", " ", html[html.index('data-part="steps"') :])
    assert re.search(r"10 of 40 *· *25 % *14 % to 40 %", steps), "a share has its base beside it"


def test_a_step_that_chance_may_have_put_first_is_not_named(
    walk: Any, page: Any, manager: FlaskClient, time: clock.FixedClock
) -> None:
    """18 left after one step, 14 after another: which of them most leave after is not known."""
    ways = {"basket paid sent": 30, "basket": 18, "basket paid": 14}
    for way, many in ways.items():
        for number in range(many):
            walk(f"{way}-{number}".replace(" ", "-"), way, time() - timedelta(days=40))
    assert (page().worst, page().is_even) == (None, True)
    html = manager.get("/journeys/buy/paths?days=90").text
    assert "After which step most leave is not certain." in html
    assert "is-pain" not in html


def test_fewer_than_five_who_left_name_no_step(walk: Any, page: Any, time: clock.FixedClock) -> None:
    for number in range(40):
        walk(f"c-{number}", "basket" if number < 4 else "basket paid sent", time() - timedelta(days=40))
    assert (page().worst, page().is_even) == (None, False)


def test_an_unused_journey_says_what_to_do(manager: FlaskClient, journey: str) -> None:
    assert "sdk.record_interaction()" in manager.get("/journeys/buy/paths").text
    assert manager.get("/journeys/nowhere/paths").status_code == 404


def test_all_are_read_where_they_are_few(session: Session, company: Any, walk: Any, time: clock.FixedClock) -> None:  # fmt: skip
    for number in range(3):
        walk(f"c-{number}", "basket", time())
    chosen = walks.evenly(session, company.workspace_id, "buy", time() - HOUR, time() + HOUR, 3)
    assert (len(chosen.ids), chosen.all, chosen.is_about) == (3, 3, False)


def test_of_very_many_about_so_many_are_read_and_it_is_said_so(
    walk: Any, page: Any, manager: FlaskClient, time: clock.FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "FEW", 100)
    monkeypatch.setattr(walks, "GLANCE", 1 / 2)
    monkeypatch.setattr(paths_page, "MOST", 60)
    for number in range(300):
        walk(f"c-{number}", "basket paid sent" if number % 2 else "basket", time() - timedelta(days=10, hours=6 * number))  # fmt: skip
    found = page()
    assert 30 <= found.n <= 90
    assert 225 <= found.all <= 375
    assert 25 < found.abandoned.value < 75
    html = manager.get("/journeys/buy/paths?days=90").text
    assert f"of about {found.all}, evenly over the period" in html


@pytest.mark.parametrize(
    "begun",
    [
        lambda n: timedelta(seconds=n),
        lambda n: timedelta(days=n // 20, minutes=n % 3),
        lambda n: timedelta(0),
    ],
    ids=["launched today", "a batch by night", "all at once"],
)
def test_where_they_begin_in_bursts_every_so_many_is_read(
    session: Session, company: Any, journey: str, time: clock.FixedClock, monkeypatch: pytest.MonkeyPatch,
    begun: Callable[[int], timedelta],
) -> None:  # fmt: skip
    """Windows over the time may hold nobody then, or everybody: and nobody may be told that there were none."""
    monkeypatch.setattr(walks, "FEW", 100)
    rows = [
        {
            "workspace_id": company.workspace_id, "instance_id": f"i-{n}", "journey": journey, "journey_version": 1,
            "started_at": time() - begun(n), "last_at": time() - begun(n),
        }
        for n in range(600)
    ]  # fmt: skip
    session.execute(insert(JourneyInstance), rows)
    session.commit()
    found = walks.evenly(
        session, company.workspace_id, journey, time() - timedelta(days=90), time() + HOUR, 60
    )
    assert 30 <= len(found.ids) <= 120
    assert 400 <= found.all <= 900
    assert len(set(found.ids)) == len(found.ids)
