"""A number stays comparable: a change that would break it needs a word, and the break is kept."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, errors, surveys
from collector.surveys import files

Headers = dict[str, dict[str, str]]
NPS = {
    "key": "order-nps", "template": "nps", "touchpoint": "order-confirmed", "journey": "first-order", "subject": "Example Telecom",
}  # fmt: skip


def apply(client: FlaskClient, keys: Headers, entry: dict[str, Any], **more: Any) -> Any:
    return client.post("/api/v1/surveys/apply", json={"surveys": [entry], **more}, headers=keys["admin"])


def test_the_same_again_changes_nothing(client: FlaskClient, company: Any, keys: Headers) -> None:
    assert apply(client, keys, NPS).json["unchanged"] == ["order-nps"]


def test_a_published_nps_cannot_become_a_five_point_scale(
    client: FlaskClient, company: Any, keys: Headers
) -> None:
    refused = apply(client, keys, {**NPS, "template": "csat"})
    assert (refused.status_code, refused.json["code"]) == (409, "series_break")
    assert refused.json["fields"]["surveys.0"][0].startswith("order-nps: kind, scale")
    shown = client.get("/api/v1/surveys/order-nps", headers=keys["read"]).json
    assert (shown["template"], shown["version"]) == ("nps", 1)


def test_confirmed_it_starts_a_series_that_follows_the_old_one(
    client: FlaskClient, company: Any, keys: Headers
) -> None:
    done = apply(client, keys, {**NPS, "template": "csat"}, confirm_break=True)
    assert done.json["versioned"] == ["order-nps"]
    assert {"kind", "scale"} <= set(done.json["breaks"]["order-nps"])
    history = client.get("/api/v1/surveys/order-nps/history", headers=keys["read"]).json
    old, new = history["series"]
    assert (old["metric"], new["metric"], new["follows"]) == ("nps", "csat", old["series_id"])
    assert {"kind", "scale"} <= set(new["broken_by"])
    assert [row["version"] for row in history["versions"]] == [2, 1]


def test_a_closed_survey_stays_as_it_was_asked_even_on_confirmation(
    client: FlaskClient, company: Any, keys: Headers
) -> None:
    client.put("/api/v1/surveys/order-nps/state", json={"state": "closed"}, headers=keys["admin"])
    for mark in ({}, {"same_meaning": "only a word"}):
        refused = apply(client, keys, {**NPS, "subject": "Another", **mark}, confirm_break=True)
        assert (refused.status_code, refused.json["code"]) == (409, "survey_closed")
        assert refused.json["fields"] == {"surveys.0": ["order-nps: subject"]}
    assert apply(client, keys, NPS).json["unchanged"] == ["order-nps"]
    history = client.get("/api/v1/surveys/order-nps/history", headers=keys["read"]).json
    assert [row["version"] for row in history["versions"]] == [1]


def test_the_plan_says_what_would_break_and_changes_nothing(
    client: FlaskClient, company: Any, keys: Headers
) -> None:
    body = {"surveys": [{**NPS, "subject": "Another company"}]}
    foreseen = client.post("/api/v1/surveys/plan", json=body, headers=keys["admin"])
    assert foreseen.status_code == 200, foreseen.text
    assert foreseen.json["breaks"] == {"order-nps": ["subject"]}
    assert client.get("/api/v1/surveys/order-nps", headers=keys["read"]).json["version"] == 1


def test_a_slip_of_the_pen_keeps_the_series_with_its_reason(
    client: FlaskClient, company: Any, keys: Headers
) -> None:
    fixed = apply(client, keys, {**NPS, "subject": "Example Telekom", "same_meaning": "a typo in our name"})
    assert (fixed.status_code, fixed.json["versioned"], fixed.json["breaks"]) == (200, ["order-nps"], {})
    history = client.get("/api/v1/surveys/order-nps/history", headers=keys["read"]).json
    assert len(history["series"]) == 1
    assert "a typo in our name" in history["versions"][0]["note"]
    assert apply(client, keys, {**NPS, "subject": "Example Telekom"}).json["unchanged"] == ["order-nps"]


def test_another_scale_is_never_the_same_meaning(client: FlaskClient, company: Any, keys: Headers) -> None:
    refused = apply(client, keys, {**NPS, "template": "csat", "same_meaning": "it is only a scale"})
    assert (refused.status_code, refused.json["code"]) == (422, "not_same_meaning")


def test_a_file_is_held_to_the_same(session: Session, company: Any, time: clock.FixedClock) -> None:
    text = (
        "surveys:\n  - {key: order-nps, template: csat, touchpoint: order-confirmed, journey: first-order}\n"
    )
    entries = files.load(text, "surveys.yaml")
    with pytest.raises(errors.Conflict) as refused:
        surveys.apply(session, company.workspace_id, entries, "file", time())
    assert refused.value.code == "series_break"


def test_a_draft_may_be_changed_freely(client: FlaskClient, company: Any, keys: Headers) -> None:
    draft = {"key": "new", "template": "nps", "touchpoint": "unasked", "state": "draft"}
    assert apply(client, keys, draft).json["created"] == ["new"]
    changed = apply(client, keys, {**draft, "template": "csat"}).json
    assert (changed["versioned"], changed["breaks"]) == (["new"], {})
    series = client.get("/api/v1/surveys/new/history", headers=keys["read"]).json["series"]
    assert [(row["metric"], row["broken_by"]) for row in series] == [("csat", [])]


def test_settings_change_without_a_version(client: FlaskClient, company: Any, keys: Headers) -> None:
    done = apply(client, keys, {**NPS, "quota": 50, "mode": "temporary", "policy": {"sample": 0.5}})
    assert done.json["changed"] == ["order-nps"]
    shown = client.get("/api/v1/surveys/order-nps", headers=keys["read"]).json
    assert (shown["version"], shown["quota"], shown["policy"]) == (1, 50, {"sample": 0.5})


def test_a_policy_with_an_unknown_name_is_refused_by_name(
    client: FlaskClient, company: Any, keys: Headers
) -> None:
    refused = apply(client, keys, {**NPS, "policy": {"this_survey": {"after_anser": 9}, "cap_per_day": 3}})
    assert refused.status_code == 422
    assert set(refused.json["fields"]) == {
        "surveys.0.policy.this_survey.after_anser",
        "surveys.0.policy.cap_per_day",
    }
