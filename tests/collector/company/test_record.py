"""The record: who signed in and who failed to, keys, exports, shares, erasures; read by page, call and file."""

from __future__ import annotations

import csv
import io
from typing import Any

from browsers import Browser, sign_in
from flask import Flask
from flask.testing import FlaskClient

Headers = dict[str, dict[str, str]]


def _verbs(client: FlaskClient, keys: Headers, **query: str) -> list[tuple[str, str]]:
    answer = client.get("/api/v1/changes", query_string=query, headers=keys["admin"])
    return [(row["verb"], row["noun"]) for row in answer.json["changes"]]


def test_sign_ins_and_failed_ones_are_recorded(
    app: Flask, client: FlaskClient, keys: Headers, ada: Browser
) -> None:
    wrong = Browser(app.test_client()).post("/sign-in", "/sign-in", email="ada@example.com", password="wrong")
    assert wrong.status_code == 401
    ada.post("/sign-out")
    found = _verbs(client, keys, actor="ada@example.com")
    assert found == [("signed_out", "person"), ("sign_in_failed", "person"), ("signed_in", "person")]


def test_keys_shares_exports_and_erasures_are_recorded(
    client: FlaskClient, keys: Headers, ada: Browser
) -> None:
    made = client.post("/api/v1/keys", json={"kind": "read", "name": "Wall"}, headers=keys["admin"]).json
    client.delete(f"/api/v1/keys/{made['kid']}", headers=keys["admin"])
    ada.post("/journeys/first-order/share", days="30", good_for="7", note="board")
    client.get("/api/v1/exports/responses.csv", headers=keys["admin"])
    erased = client.delete("/api/v1/customers/somebody-we-know", headers=keys["admin"]).json
    found = _verbs(client, keys)
    for expected in (
        ("made", "key"), ("revoked", "key"), ("shared", "journey"), ("exported", "responses"),
        ("erased", "customer"),
    ):  # fmt: skip
        assert expected in found
    everything = client.get("/api/v1/changes?limit=500", headers=keys["admin"]).text
    assert erased["receipt"] in everything
    assert made["key"] not in everything
    assert "somebody-we-know" not in everything


def test_readers_of_definitions_see_no_more_than_those(
    client: FlaskClient, keys: Headers, ada: Browser
) -> None:
    rows = client.get("/api/v1/changes?limit=500", headers=keys["read"]).json["changes"]
    assert rows
    assert {row["noun"] for row in rows} <= {"stakeholder", "persona", "touchpoint", "journey", "survey"}
    assert client.get("/api/v1/changes.csv", headers=keys["read"]).status_code == 403


def test_the_page_shows_names_filters_and_pages(app: Flask, ada: Browser) -> None:
    for _ in range(60):
        sign_in(app, "ada@example.com")
    page = ada.get("/record?verb=signed_in").text
    assert page.count("<code>signed_in</code>") == 50
    assert ">Ada<" in page
    older = page.partition('href="/record?cursor=')[2].partition('"')[0].replace("&amp;", "&")
    assert ada.get(f"/record?cursor={older}").text.count("<code>signed_in</code>") == 11
    assert ada.get("/record?cursor=rubbish").status_code == 200


def test_the_file_holds_the_chain_and_no_formula(client: FlaskClient, keys: Headers, ada: Browser) -> None:
    client.post("/api/v1/keys", json={"kind": "read", "name": "=1+1"}, headers=keys["admin"])
    text = client.get("/api/v1/changes.csv?noun=key", headers=keys["admin"]).text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert all(len(row["hash"]) == 64 for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


def test_members_do_not_read_the_record(app: Flask, session: Any, company: Any, time: Any) -> None:
    from browsers import PASSWORD

    from collector import workspaces

    workspaces.add_person(session, company.workspace_id, "mia@example.com", "Mia", PASSWORD, time(), "editor")
    session.commit()
    assert sign_in(app, "mia@example.com").get("/record").status_code == 403
