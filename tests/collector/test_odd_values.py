"""Odd values at every door, over both databases: forms, addresses, queries and JSON never end in a fault of ours.

Bounded by counting: each form gets each odd value in one field (another field each time), each address each odd
value in one of its parts, each call of the API each odd value in one place of a body that is otherwise as it is meant.
Of the values for forms and addresses each database takes every other one, and the next form or address the rest.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import quick
import yaml
from flask import Flask
from flask.testing import FlaskClient
from forms import FORMS, MEANT, WITHOUT_WORDS
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.config import Config

CALLS = yaml.safe_load(Path(__file__).with_name("openapi_calls.yaml").read_text("utf-8"))
TEXTS = (
    "a\0b", "--5", "9" * 5000, "1e400", "-1", "9223372036854775808", "2147483648", "9999-12-31", "0001-01-01",
    "9999-12-31T23:59", "²", "x" * 5000, "\ufffd\u202e", "%00", "{{7*7}}", "../..", "a\r\nb: c",
)  # fmt: skip
JSONS = (
    "1e400", "-1e400", "9223372036854775808", "2147483648", "9" * 5000, '"a\\u0000b"', '"\\ud83d"',
    '"9999-12-31T23:59:59+00:00"', '"0001-01-01T00:00:00+14:00"', "[]", "{}", "null", '"' + "x" * 5000 + '"',
)  # fmt: skip
QUERIES = (
    "days", "from", "to", "journey", "version", "channel", "persona", "attribute", "band", "owner", "q", "lang", "at",
    "key", "layout", "language", "customer", "transaction", "score", "next", "locale", "format", "touchpoint", "token",
    "cursor", "limit",
)  # fmt: skip


@pytest.fixture
def hostile(config: Config, engine: Engine, time: clock.FixedClock) -> Flask:
    """An app as in service, where what is raised is answered."""
    return quick.app(config, engine, time, is_testing=False)


@pytest.fixture
def admin(hostile: Flask, company: Any, session: Session, time: clock.FixedClock) -> tuple[FlaskClient, str]:
    """A browser of a signed-in administrator, and the token its forms carry."""
    words = "a good long password"
    workspaces.add_person(session, company.workspace_id, "a@example.com", "A", words, time(), "administrator")
    session.commit()
    client = hostile.test_client()
    form = {"email": "a@example.com", "password": words, "csrf": _csrf(client.get("/sign-in").text)}
    assert client.post("/sign-in", data=form).status_code == 303
    return client, _csrf(client.get("/policy").text)


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def _every_other(number: int, engine: Engine) -> list[tuple[int, str]]:
    """Half of the odd values with their numbers: the other half for the other database, and for the next place."""
    begin = (number + (engine.dialect.name == "postgresql")) % 2
    return list(enumerate(TEXTS))[begin::2]


def test_forms(admin: tuple[FlaskClient, str], engine: Engine) -> None:
    client, csrf = admin
    for number, (path, names) in enumerate(FORMS.items()):
        for turn, odd in _every_other(number, engine):
            form = {
                **{name: MEANT.get(name, "x") for name in names},
                names[turn % len(names)]: odd,
                "csrf": csrf,
            }
            answer = client.post(path, data=form)
            assert answer.status_code < 500, (path, names[turn % len(names)], odd[:40], answer.text[:300])


def test_every_form_is_among_them(hostile: Flask) -> None:
    adapter = hostile.url_map.bind("x")
    tried = {adapter.match(path, "POST")[0] for path in FORMS}
    posts = {
        rule.endpoint
        for rule in hostile.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/w/", "/s/", "/u/", "/in/"))
    }
    assert posts - tried - WITHOUT_WORDS == set()


def test_addresses_and_queries(admin: tuple[FlaskClient, str], hostile: Flask, engine: Engine) -> None:
    client, _ = admin
    rules = [rule for rule in hostile.url_map.iter_rules() if "GET" in (rule.methods or ())]
    for number, rule in enumerate(rules):
        for turn, odd in _every_other(number, engine):
            name = QUERIES[(turn * 7 + len(rule.rule)) % len(QUERIES)]
            path = re.sub(r"<[^>]+>", quote(odd[:300], safe="") if turn % 4 > 1 else "first-order", rule.rule)
            answer = client.get(f"{path}?{name}={quote(odd)}")
            assert answer.status_code < 500, (path, name, answer.text[:300])


@pytest.mark.parametrize("row", [row for row in CALLS if row.get("body")], ids=lambda row: row["call"])
def test_bodies(hostile: Flask, company: Any, keys: Any, row: dict[str, Any]) -> None:
    method, path = row["call"].split()
    path = re.sub(r"\{(\w+)\}", lambda part: str(row.get("path", {}).get(part[1], "x")), path)
    places, client = list(_places(row["body"])), hostile.test_client()
    for turn, odd in enumerate(JSONS):
        body = _with(row["body"], places[turn % len(places)], odd)
        answer = client.open(path, method=method, data=body, headers=keys["admin"])
        assert answer.status_code < 500, (path, body[:300], answer.text[:300])


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if path and not isinstance(value, dict | list):
        yield path
    for name, item in inner:
        yield from _places(item, (*path, name))


def _with(body: Any, path: tuple[Any, ...], odd: str) -> str:
    changed: Any = copy.deepcopy(body)
    at = changed
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = "@odd@"
    return json.dumps(changed).replace('"@odd@"', odd)
