"""Times stand in one form everywhere: RFC 3339 in UTC with a Z, in answers as in exports; any offset is taken."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock
from collector.exchange import xes

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[^\"<,\s]*")
READ = (
    "/api/v1/decisions?transaction=order-1",
    "/api/v1/customers/c-1",
    "/api/v1/journeys/first-order",
    "/api/v1/surveys/order-nps/history",
    "/api/v1/keys",
    "/api/v1/exports/responses.csv",
    "/api/v1/exports/responses.jsonl",
)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 11, 21, 10, tzinfo=UTC), "2026-11-21T10:00:00Z"),
        (datetime(2026, 11, 21, 10, 0, 0, 250_000, tzinfo=UTC), "2026-11-21T10:00:00.250000Z"),
        (datetime(2026, 11, 21, 12, tzinfo=timezone(timedelta(hours=2))), "2026-11-21T10:00:00Z"),
    ],
)
def test_a_time_is_written_in_utc_with_a_z(at: datetime, text: str) -> None:
    assert clock.iso(at) == text
    assert datetime.fromisoformat(text) == at


@pytest.mark.parametrize("address", READ)
def test_every_time_in_an_answer_has_that_form(
    client: FlaskClient, keys: Any, trigger: Any, answer: Any, time: clock.FixedClock, address: str
) -> None:
    consent = {"channel": "email", "text_version": "1", "source": "shop", "at": "2026-11-01T12:00:00+02:00"}
    client.post("/api/v1/customers/c-1/consents", json=consent, headers=keys["server"])
    token = trigger(transaction="order-1", customer="c-1", delay=60)["invitation"]["token"]
    time.move(minutes=1)
    client.get("/w/v1/survey", query_string={"token": token})
    answer(token, score=9)
    shown = client.get(address, headers=keys["admin"])
    assert shown.status_code == 200, shown.text
    times = TIME.findall(shown.text)
    assert times
    assert [at for at in times if not at.endswith("Z")] == []


def test_an_event_log_has_that_form_too(
    session: Session, client: FlaskClient, keys: Any, company: Any
) -> None:
    item = {
        "touchpoint": "installed",
        "journey": "first-order",
        "customer": "c-1",
        "occurred_at": "2026-11-01T12:00:00+02:00",
    }
    client.post("/api/v1/interactions", json={"interactions": [item]}, headers=keys["server"])
    file = io.StringIO()
    list(xes.export_interactions(session, company.workspace_id, file))
    assert TIME.findall(file.getvalue()) == ["2026-11-01T10:00:00.000Z"]


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:30:00-01:00", "0001-01-01T00:30:00+01:00", "2026-11-01T10:00:00"]
)
def test_a_time_beyond_the_calendar_or_without_an_offset_is_refused(
    client: FlaskClient, keys: Any, company: Any, at: str
) -> None:
    item = {"touchpoint": "order-confirmed", "expires_at": at}
    refused = client.post("/api/v1/triggers", json={"triggers": [item]}, headers=keys["server"])
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["triggers.0.expires_at"])


def test_of_two_consents_the_later_one_holds_whatever_their_offsets(
    client: FlaskClient, keys: Any, company: Any
) -> None:
    record = {"channel": "email", "text_version": "1", "source": "shop"}
    yes, no = "2026-11-01T11:00:00.500000+00:00", "2026-11-01T12:30:00+02:00"
    for given, at in ((True, yes), (False, no)):
        body = {**record, "given": given, "at": at}
        shown = client.post("/api/v1/customers/c-1/consents", json=body, headers=keys["server"])
    assert shown.json["consented"] == ["email"]
    at_once = {**record, "given": False, "at": "2026-11-01T11:00:00Z"}
    shown = client.post("/api/v1/customers/c-1/consents", json=at_once, headers=keys["server"])
    assert shown.json["consented"] == ["email"]
