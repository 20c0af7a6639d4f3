"""The company's page: every column of the workspace has a door, and keys are held in the browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsers import Browser
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.changes import Change
from collector.workspaces import Workspace
from collector.workspaces import company as company_said

SAID = {
    "name": "Example Fibre",
    "logo_url": "https://example.com/logo.svg",
    "locale": "de",
    "timezone": "Europe/Berlin",
    "figures": "neighbours",
    "colour": "#0a5570",
    "mail_from": "Example Fibre <hello@fibre.example>",
    "keep_answers": 0,
    "keep_record": 0,
    "keep_comments": 0,
    "keep_interactions": 0,
    "keep_outcomes": 0,
}
Headers = dict[str, dict[str, str]]


def test_an_administrator_changes_what_the_company_says_of_itself(ada: Browser, session: Session) -> None:
    assert ada.post("/company", "/company", **SAID).status_code == 303
    assert ada.get("/api/v1/workspace").json == SAID
    page = ada.get("/company?saved").text
    assert 'value="Example Fibre"' in page
    assert '<option value="Europe/Berlin" selected>' in page
    changed = session.scalars(select(Change).where(Change.noun == "company")).one()
    assert changed.after == SAID


def test_what_does_not_fit_is_said_and_changes_nothing(
    ada: Browser, client: FlaskClient, keys: Headers
) -> None:
    wrong = ada.post("/company", "/company", **{**SAID, "timezone": "Mars/Olympus", "logo_url": "http://x"})
    assert wrong.status_code == 422
    assert 'value="Example Fibre"' in wrong.text
    assert client.get("/api/v1/workspace", headers=keys["read"]).json["name"] == "Example Telecom"


@pytest.mark.parametrize(
    "given",
    [
        {"timezone": "x"},
        {"logo_url": "javascript:x"},
        {"locale": "tlh"},
        {"figures": "some"},
        {"colour": "red"},
        {"colour": "#ffee99"},
        {"mail_from": "nobody"},
        {"keep_answers": 29},
        {"keep_comments": 29},
        {"keep_interactions": 89},
        {"keep_record": -1},
        {"keep_record": 1_000_000},
        {"mail_from": "A <a@b.example>\r\nBcc: x@y.example"},
    ],
)
def test_the_api_refuses_what_does_not_fit(
    client: FlaskClient, company: Any, keys: Headers, given: Any
) -> None:
    refused = client.patch("/api/v1/workspace", json=given, headers=keys["admin"])
    assert refused.status_code == 422
    assert set(refused.json["fields"]) == set(given)


def test_a_pale_colour_is_refused_with_one_that_would_do(ada: Browser) -> None:
    wrong = ada.post("/company", "/company", **{**SAID, "colour": "#FFEE99"})
    assert wrong.status_code == 422
    assert re.search("is too pale for buttons on white; #[0-9a-f]{6} would do", wrong.text)


def test_the_api_takes_a_part_and_leaves_the_rest(client: FlaskClient, company: Any, keys: Headers) -> None:
    changed = client.patch("/api/v1/workspace", json={"timezone": "Asia/Tokyo"}, headers=keys["admin"])
    assert changed.json == {
        "name": "Example Telecom", "logo_url": None, "locale": "en", "timezone": "Asia/Tokyo", "figures": "all",
        "colour": "", "mail_from": "", "keep_answers": 0, "keep_record": 0,
        "keep_comments": 0, "keep_interactions": 0, "keep_outcomes": 0,
    }  # fmt: skip


def test_every_column_of_a_workspace_has_a_door() -> None:
    elsewhere = {
        "workspace_id",
        "pseudonym_key",
        "previous_pseudonym_key",
        "pseudonyms_since",
        "address_key",
        "settings",
        "created_at",
        "days_zone",  # follows the time zone, by a job
    }
    assert {column.name for column in Workspace.__table__.columns} - elsewhere == set(SAID) - set(
        company_said.SETTINGS
    )


def test_a_key_is_made_used_and_revoked_in_the_browser(
    ada: Browser, client: FlaskClient, time: clock.FixedClock
) -> None:
    page = ada.post("/company/keys", "/company", kind="read", name="Wall", reach="some", scope="sales").text
    (text,) = set(re.findall(r"aw_rk_[A-Za-z0-9_-]+", page))
    assert text not in ada.get("/company").text
    assert "Wall" in ada.get("/company").text
    kid = text.split("_")[2]
    header = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/v1/workspace", headers=header).status_code == 200
    (wall,) = [key for key in ada.get("/api/v1/keys").json["keys"] if key["kid"] == kid]
    assert (wall["scope"], wall["used_at"]) == (["sales"], clock.iso(time()))
    assert ada.post(f"/company/keys/{kid}/revoke", "/company").status_code == 303
    assert client.get("/api/v1/workspace", headers=header).json["code"] == "revoked_key"


def test_an_admin_key_cannot_be_kept_to_some(ada: Browser) -> None:
    assert (
        ada.post("/company/keys", "/company", kind="admin", name="x", reach="some", scope="sales").status_code
        == 422
    )
