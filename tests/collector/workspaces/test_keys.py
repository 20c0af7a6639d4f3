"""API keys: shown once, stored hashed, revocable."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, errors, workspaces

Headers = dict[str, dict[str, str]]


def test_an_administrator_key_mints_a_key_that_works(client: FlaskClient, keys: Headers) -> None:
    made = client.post("/api/v1/keys", json={"kind": "admin", "name": "Night job"}, headers=keys["admin"])
    assert made.status_code == 201
    again = client.get("/api/v1/keys", headers={"Authorization": f"Bearer {made.json['key']}"})
    assert "Night job" in [key["name"] for key in again.json["keys"]]
    assert made.json["key"] not in again.text


def test_a_revoked_key_is_refused_at_once(client: FlaskClient, keys: Headers) -> None:
    made = client.post("/api/v1/keys", json={"kind": "admin", "name": "Old"}, headers=keys["admin"]).json
    client.delete(f"/api/v1/keys/{made['kid']}", headers=keys["admin"])
    refused = client.get("/api/v1/keys", headers={"Authorization": f"Bearer {made['key']}"})
    assert (refused.status_code, refused.json["code"]) == (401, "revoked_key")


def test_the_store_holds_the_hash_and_not_the_key(
    session: Session, workspace: Any, time: clock.FixedClock
) -> None:
    minted = workspaces.mint_key(session, workspace, "server", "Shop", time())
    row = workspaces.find_key(session, minted.text)
    assert minted.text.encode() not in row.hash
    assert minted.text not in str(row.__dict__)


@pytest.mark.parametrize(
    "text", ["", "aw_sk_", "aw_sk_aaaaaaaaaa_" + "A" * 43, "Bearer", "aw_sk_ä", "x" * 5000]
)
def test_a_wrong_key_is_refused(session: Session, workspace: Any, text: str) -> None:
    with pytest.raises(errors.NotAuthenticated):
        workspaces.find_key(session, text)


def test_a_read_key_may_not_manage_keys(client: FlaskClient, keys: Headers) -> None:
    refused = client.get("/api/v1/keys", headers=keys["read"])
    assert (refused.status_code, refused.json["code"]) == (403, "wrong_key_kind")


def test_unknown_fields_are_refused_by_name(client: FlaskClient, keys: Headers) -> None:
    refused = client.post(
        "/api/v1/keys", json={"kind": "admin", "name": "x", "colour": "red"}, headers=keys["admin"]
    )
    assert refused.status_code == 422
    assert refused.json["fields"] == {"colour": ["Unknown field."]}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/keys?limit=1"),
        ("GET", "/api/v1/surveys?limits=1"),
        ("POST", "/w/v1/events?colour=red"),
    ],
)
def test_an_unknown_part_of_the_address_is_refused_by_name(
    client: FlaskClient, keys: Headers, method: str, path: str
) -> None:
    refused = client.open(path, method=method, headers=keys["admin"])
    name = path.partition("?")[2].partition("=")[0]
    assert (refused.status_code, refused.json["fields"]) == (422, {name: ["Unknown field."]})


def test_another_workspaces_key_cannot_be_revoked(
    client: FlaskClient, keys: Headers, session: Session, time: clock.FixedClock
) -> None:
    other = workspaces.create(session, "Other", time())
    theirs = workspaces.mint_key(session, other, "admin", "theirs", time())
    session.commit()
    refused = client.delete(f"/api/v1/keys/{theirs.kid}", headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (404, "unknown_key")


def test_the_collectors_own_key_is_rotated_and_old_links_live_on(
    session: Session, workspace: workspaces.Workspace, time: clock.FixedClock
) -> None:
    old_kid, old_secret = workspaces.signing_key(session, workspace.workspace_id)
    made = workspaces.mint_key(session, workspace, "collector", "own", time.move(days=1))
    session.commit()
    assert workspaces.signing_key(session, workspace.workspace_id)[0] == made.kid != old_kid
    assert workspaces.secret_lookup(session)(old_kid) == old_secret
