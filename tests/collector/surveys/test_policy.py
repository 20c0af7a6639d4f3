"""The policy document: defaults, overrides, refusals, local days and quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from collector.contact.policy import Budget, Policy, QuietHours, Waits, as_json, resolve
from collector.contact.schemas import SurveyPolicySchema, WorkspacePolicySchema

Headers = dict[str, dict[str, str]]
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia"])
TIMES = st.integers(0, 10 * 365 * 24 * 60).map(
    lambda n: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
)


EFFECTIVE = "/api/v1/policy/effective"
WRITTEN = {
    "this_survey": {"after_answer": 60},
    "per_journey_instance": None,
    "budget": {"asks": 1, "days": 30},
    "channels": {"sms": {"days_between": 120}, "chat": {"allowed": False}},
    "consent": {"email": False},
    "cap_per_day": 500,
    "sample": 0.2,
    "quiet_hours": {"from": "19:00", "to": "09:00"},
    "timezone": "Europe/Berlin",
    "mask_comments": False,
}


def test_without_a_document_the_defaults_hold() -> None:
    assert resolve({}, {}) == Policy()


def test_a_budget_keeps_nothing_back_unless_it_says_so() -> None:
    policy = resolve({"budget": {"asks": 1, "days": 30}}, {})
    assert policy.budget == Budget(asks=1, days=30, reserved=0)


def test_the_survey_overrides_the_workspace_and_only_what_it_names() -> None:
    policy = resolve(
        {"this_survey": {"after_answer": 60, "after_decline": 7}}, {"this_survey": {"after_answer": 180}}
    )
    assert policy.this_survey == Waits(180, 7, 14)


def test_the_document_written_out_means_the_same() -> None:
    written = as_json(resolve({"sample": 0.5, "budget": None, "quiet_hours": None}, {}, "Europe/Berlin"))
    assert not WorkspacePolicySchema().validate(written)
    assert resolve(written, {}) == resolve(
        {"sample": 0.5, "budget": None, "quiet_hours": None}, {}, "Europe/Berlin"
    )


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"this_survey": {"after_anser": 1}}, "this_survey"),
        ({"all_surveys": {"after_answer": -1}}, "all_surveys"),
        ({"sample": 1.5}, "sample"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"quiet_hours": {"from": "25:00", "to": "08:00"}}, "quiet_hours"),
        ({"channels": {"pigeon": {"allowed": False}}}, "channels"),
        ({"budget": {"asks": 2, "days": 30, "reserved": 3}}, "budget"),
        ({"reserved": True}, "reserved"),
        ({"cap_per_day": "many"}, "cap_per_day"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(document: dict[str, Any], field: str) -> None:
    assert list(WorkspacePolicySchema().validate(document)) == [field]


def test_what_is_the_workspaces_is_not_the_surveys() -> None:
    wrong = SurveyPolicySchema().validate({"cap_per_day": 3, "timezone": "UTC", "consent": {"email": False}})
    assert set(wrong) == {"cap_per_day", "timezone", "consent"}


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        ("2026-11-02T18:59", "2026-11-02T18:59"),
        ("2026-11-02T19:00", "2026-11-03T07:00"),
        ("2026-11-03T03:00", "2026-11-03T07:00"),
        ("2026-11-03T07:00", "2026-11-03T07:00"),
    ],
)
def test_a_message_waits_for_the_end_of_the_quiet_hours(at: str, leaves: str) -> None:
    policy = Policy(timezone="Europe/Berlin", quiet_hours=QuietHours())
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert policy.awake_at(moment, "email") == datetime.fromisoformat(leaves).replace(tzinfo=UTC)
    assert policy.awake_at(moment, "web") == moment


@given(TIMES, ZONES, st.times(), st.times())
def test_a_message_never_leaves_in_the_quiet_hours(at: Any, zone: str, start: Any, end: Any) -> None:
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    policy = Policy(timezone=zone, quiet_hours=QuietHours(start, end))
    leaves = policy.awake_at(at, "sms")
    assert at <= leaves <= at + timedelta(hours=25)
    if start != end:
        assert policy.awake_at(leaves, "sms") == leaves


@given(TIMES, ZONES)
def test_a_local_day_ends_where_the_next_begins(at: Any, zone: str) -> None:
    policy = Policy(timezone=zone)
    tomorrow = policy.next_day(at)
    assert at < tomorrow <= at + timedelta(hours=25)
    assert policy.day_of(tomorrow).date() == policy.day_of(at).date() + timedelta(days=1)


def test_the_api_replaces_the_document(client: FlaskClient, company: Any, keys: Headers) -> None:
    assert client.get("/api/v1/policy", headers=keys["read"]).json == {}
    put = client.put("/api/v1/policy", json={"sample": 0.5}, headers=keys["admin"])
    assert put.json == {"sample": 0.5}
    assert client.get("/api/v1/policy/effective", headers=keys["read"]).json["sample"] == 0.5
    client.put("/api/v1/policy", json={"timezone": "Europe/Berlin"}, headers=keys["admin"])
    holds = client.get("/api/v1/policy/effective", headers=keys["read"]).json
    assert (holds["sample"], holds["timezone"]) == (1.0, "Europe/Berlin")


@pytest.mark.parametrize("address", ["/api/v1/policy", "/api/v1/policy/effective"])
@pytest.mark.parametrize("document", [{}, {"budget": None, "quiet_hours": None}, WRITTEN])
def test_what_the_api_shows_may_be_sent_back(
    client: FlaskClient, company: Any, keys: Headers, document: Any, address: str
) -> None:
    client.put("/api/v1/policy", json=document, headers=keys["admin"])
    assert client.get("/api/v1/policy", headers=keys["read"]).json == document
    shown, holds = (client.get(path, headers=keys["read"]).json for path in (address, EFFECTIVE))
    put = client.put("/api/v1/policy", json=shown, headers=keys["admin"])
    assert (put.status_code, put.json) == (200, shown)
    assert client.get(EFFECTIVE, headers=keys["read"]).json == holds


def test_the_api_refuses_unknown_names_and_small_keys(
    client: FlaskClient, company: Any, keys: Headers
) -> None:
    refused = client.put("/api/v1/policy", json={"sampel": 0.5}, headers=keys["admin"])
    assert (refused.status_code, refused.json["fields"]) == (422, {"sampel": ["Unknown field."]})
    assert client.put("/api/v1/policy", json={}, headers=keys["server"]).status_code == 403
