"""Rubbish from a browser: each a clear problem document, never a 500, and nothing stored."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.responses import Response

Trigger = Callable[..., dict[str, Any]]
PROBLEM = {"type", "title", "status", "detail", "code", "fields"}


@pytest.fixture
def token(trigger: Trigger) -> str:
    return str(trigger(transaction="order-1")["invitation"]["token"])


@pytest.fixture
def send(client: FlaskClient, token: str) -> Callable[..., Any]:
    def call(**changes: Any) -> Any:
        body = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}, **changes}
        return client.post("/w/v1/responses", json={k: v for k, v in body.items() if v is not ...})

    return call


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"answers": {"score": 11}}, 422, "answers.score"),
        ({"answers": {"score": -1}}, 422, "answers.score"),
        ({"answers": {"score": "9"}}, 422, "answers.score"),
        ({"answers": {"score": True}}, 422, "answers.score"),
        ({"answers": {"score": 9.5}}, 422, "answers.score"),
        ({"answers": {"score": None}}, 422, "answers.score"),
        ({"answers": {"colour": "red"}}, 422, "answers.colour"),
        ({"answers": {"comment": "x" * 10_000}}, 422, "answers.comment"),
        ({"answers": {"comment": "only"}, "complete": True}, 422, "answers.score"),
        ({"answers": []}, 422, "answers"),
        ({"answers": ...}, 422, "answers"),
        ({"response_id": "1"}, 422, "response_id"),
        ({"response_id": ...}, 422, "response_id"),
        ({"token": ...}, 422, "token"),
        ({"complete": "yes"}, 422, "complete"),
        ({"colour": "red"}, 422, "colour"),
        ({"context": {"colour": "red"}}, 422, "context.colour"),
        ({"dir": "up"}, 422, "dir"),
        ({"locale": "../../etc"}, 422, "locale"),
    ],
)
def test_what_does_not_fit_is_named(
    send: Callable[..., Any], session: Session, changes: dict[str, Any], status: int, field: str
) -> None:
    refused = send(**changes)
    assert refused.status_code == status, refused.text
    assert set(refused.json) == PROBLEM
    assert field in refused.json["fields"]
    assert session.scalar(select(func.count()).select_from(Response)) == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b"[" * 60_000, 400, "invalid_json"),
        (b'{"token": NaN}', 400, "invalid_json"),
        (b'{"token": "\xff"}', 400, "invalid_utf8"),
        (b"\x00", 400, "invalid_json"),
        (b"[1]", 422, "invalid_input"),
        (b'"text"', 422, "invalid_input"),
        (b"null", 422, "invalid_input"),
        (b" " * 70_000, 413, "body_too_large"),
    ],
)
def test_a_body_that_is_no_answer(client: FlaskClient, body: bytes, status: int, code: str) -> None:
    refused = client.post("/w/v1/responses", data=body, content_type="application/json")
    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert refused.mimetype == "application/problem+json"


def _mangle(token: str) -> list[str]:
    kid, rest = token.split(".", 1)
    payload, stamp, signature = rest.rsplit(".", 2)
    flipped = ("A" if signature[3] != "A" else "B") + signature[4:]
    return [
        "",
        "x",
        "." * 5,
        token[:-1],
        token[: len(token) // 2],
        token + "x",
        f"{kid}.{payload}.{stamp}.{signature[:3]}{flipped}",
        f"aaaaaaaaaa.{payload}.{stamp}.{signature}",
        f"{kid}.{payload[:-2]}{'AA' if payload[-2:] != 'AA' else 'BB'}.{stamp}.{signature}",
        f"{kid}..{payload}.{stamp}.{signature}",
        "ä" * 40,
    ]


def test_a_forged_or_cut_token_is_refused(client: FlaskClient, token: str, send: Callable[..., Any]) -> None:
    for bad in _mangle(token):
        refused = send(token=bad)
        assert refused.status_code in {401, 422}, (bad, refused.text)
        asked = client.get("/w/v1/survey", query_string={"token": bad or "x"})
        assert (asked.status_code, asked.json["code"]) == (401, "bad_token"), bad


def test_a_token_of_a_revoked_key_is_refused(
    client: FlaskClient, session: Session, company: Any, time: clock.FixedClock, send: Callable[..., Any]
) -> None:
    from collector import signing

    minted = workspaces.mint_key(session, company, "server", "Old shop", time())
    session.commit()
    facts = signing.Invitation(uuid.uuid4(), uuid.uuid4(), "order-confirmed", time().replace(year=2027))
    made = signing.sign_invitation(minted.kid, signing.signing_secret(minted.text), facts, time())
    assert client.get("/w/v1/survey", query_string={"token": made}).status_code == 200
    workspaces.revoke_key(session, company.workspace_id, minted.kid, time())
    session.commit()
    assert send(token=made).status_code == 401


@pytest.mark.parametrize(
    "query", ["token=%00", "touchpoint=%00&key=x", "touchpoint=A%20B&key=x", "colour=red", ""]
)
def test_a_bad_survey_address(client: FlaskClient, query: str) -> None:
    refused = client.get(f"/w/v1/survey?{query}")
    assert refused.status_code in {400, 422}
    assert set(refused.json) == PROBLEM


def test_a_customer_token_is_no_invitation(client: FlaskClient, token: str) -> None:
    refused = client.get("/w/v1/survey", query_string={"customer": token})
    assert (refused.status_code, refused.json["code"]) == (401, "bad_token")


def test_the_wrong_method_is_a_problem_too(client: FlaskClient) -> None:
    refused = client.put("/w/v1/responses", data=json.dumps({}))
    assert (refused.status_code, refused.json["code"]) == (405, "method_not_allowed")
