"""Self-service leakage and resolution at the first contact: logs made by hand, and the call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from collector import clock, journeys
from collector.kpis import contacts
from collector.kpis.paths import Visit

Headers = dict[str, dict[str, str]]
START = datetime(2026, 11, 2, 10, tzinfo=UTC)
SERVED = {"portal": "self", "hotline": "people", "letter": ""}
LATER = START + timedelta(days=60)


def way(*visits: tuple[str, float]) -> list[Visit]:
    return [Visit(step, START + timedelta(days=days)) for step, days in visits]


def test_req_037_a_way_from_self_service_to_the_phone_leaks() -> None:
    log = [way(("portal", 0), ("letter", 1), ("hotline", 2))] * 2 + [way(("portal", 0), ("letter", 1))] * 4
    log += [way(("hotline", 0), ("portal", 1))] * 3
    found = contacts.leaked(log, SERVED)
    assert (found.count, found.base) == (2, 6)
    assert found.low == pytest.approx(9.68, abs=0.01)


def test_req_131_who_comes_back_within_a_week_was_not_resolved() -> None:
    log = (
        [way(("hotline", 0), ("hotline", 7))]
        + [way(("hotline", 0), ("hotline", 7.1))]
        + [way(("hotline", 0))] * 8
    )
    found = contacts.resolved(log, SERVED, LATER)["hotline"]
    assert (found.count, found.base, found.value) == (9, 10, 90)
    assert found.low == pytest.approx(59.58, abs=0.01)


def test_who_may_still_come_back_does_not_count_yet() -> None:
    log = [way(("hotline", 0))] * 9
    assert contacts.resolved(log, SERVED, START + timedelta(days=6)) == {}


def test_under_five_nothing_is_shown() -> None:
    assert contacts.leaked([way(("portal", 0), ("hotline", 1))] * 4, SERVED).base == 0
    assert contacts.resolved([way(("hotline", 0))] * 4, SERVED, LATER)["hotline"].value is None


def test_the_call_tells_both(
    client: FlaskClient, session: Any, company: Any, keys: Headers, time: clock.FixedClock
) -> None:
    """Five ways from the order page to the technician, of whom one came twice."""
    begin = time() - timedelta(days=50)
    items = [
        {"customer": f"c-{n}", "journey": "first-order", "touchpoint": touchpoint, "occurred_at": clock.iso(begin + timedelta(days=days))}
        for n in range(5)
        for touchpoint, days in [("order-confirmed", 0), ("installed", 2), *([("installed", 4)] if n == 0 else [])]
    ]  # fmt: skip
    client.post("/api/v1/interactions", json={"interactions": items}, headers=keys["server"])
    session.rollback()
    told = client.get("/api/v1/contacts?journey=first-order", headers=keys["read"]).json
    assert (told["ways"], told["leaked"]["count"], told["leaked"]["base"]) == (5, 5, 5)
    (resolved,) = told["resolved"]
    assert (resolved["touchpoint"], resolved["count"], resolved["base"]) == ("installed", 4, 5)


def test_every_channel_says_who_serves_there() -> None:
    assert {channel.served for channel in journeys.BY_KEY.values()} == {"self", "people", ""}
