"""Exports and imports over HTTP: streamed, harmless in a spreadsheet, narrowed, and only for those who may."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

Headers = dict[str, dict[str, str]]


@pytest.fixture
def answered(trigger: Callable[..., Any], answer: Callable[..., Any]) -> None:
    for number, said in enumerate(["=HYPERLINK(1)", "fine", "@cmd"]):
        token = trigger(transaction=f"order-{number}")["invitation"]["token"]
        assert answer(token, score=9, comment=said).status_code == 201


def test_req_090_an_export_opens_without_harm(client: FlaskClient, keys: Headers, answered: None) -> None:
    got = client.get("/api/v1/exports/responses.csv", headers=keys["admin"])
    assert got.status_code == 200
    assert "attachment" in got.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(got.text)))
    assert sorted(row["comment"] for row in rows) == ["'=HYPERLINK(1)", "'@cmd", "fine"]


def test_json_lines_are_one_object_each(client: FlaskClient, keys: Headers, answered: None) -> None:
    lines = client.get("/api/v1/exports/responses.jsonl", headers=keys["admin"]).text.splitlines()
    assert sorted(json.loads(line)["comment"] for line in lines) == ["=HYPERLINK(1)", "@cmd", "fine"]


def test_an_export_is_narrowed(client: FlaskClient, keys: Headers, answered: None) -> None:
    for query, count in (("touchpoint=installed", 0), ("journey=first-order", 3), ("to=2020-01-01", 0)):
        got = client.get(f"/api/v1/exports/responses.jsonl?{query}", headers=keys["admin"])
        assert len(got.text.splitlines()) == count


def test_only_who_asks_is_told_how_many_rows_it_will_be(
    client: FlaskClient, keys: Headers, answered: None
) -> None:
    for query, count in (("", "3"), ("?journey=first-order", "3"), ("?touchpoint=installed", "0")):
        path = f"/api/v1/exports/responses.csv{query}"
        asked = client.get(path, headers={**keys["admin"], "Afterword-Count": "1"})
        assert asked.headers["Afterword-Rows"] == count
        assert "Afterword-Rows" not in client.get(path, headers=keys["admin"]).headers


def test_a_server_key_may_not_export(client: FlaskClient, keys: Headers) -> None:
    assert client.get("/api/v1/exports/responses.csv", headers=keys["server"]).status_code == 403


def test_an_import_without_its_parts_says_so(client: FlaskClient, keys: Headers, company: Any) -> None:
    refused = client.post("/api/v1/imports/responses", data={}, headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (422, "missing_file")


def test_a_bad_mapping_is_named_with_its_line(client: FlaskClient, keys: Headers, company: Any) -> None:
    parts = {
        "file": (io.BytesIO(b"score\n9\n"), "a.csv"),
        "mapping": (io.BytesIO(b"colour: red\n"), "m.yaml"),
    }
    refused = client.post("/api/v1/imports/responses", data=parts, headers=keys["admin"])
    assert refused.status_code == 422
    assert "m.yaml:1" in refused.json["detail"]
