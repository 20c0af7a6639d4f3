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
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.config import Config

CALLS = yaml.safe_load(Path(__file__).with_name("openapi_calls.yaml").read_text("utf-8"))
TEXTS = (
    "a\0b", "--5", "9" * 5000, "1e400", "-1", "9223372036854775808", "2147483648", "9999-12-31", "0001-01-01",
    "9999-12-31T23:59", "²", "x" * 5000, "\ufffd\u202e", "%00", "{{7*7}}", "../..",
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
FORMS: dict[str, tuple[str, ...]] = {
    "/sign-in": ("email", "password", "next"),
    "/forgot": ("email",),
    "/welcome/odd": ("password", "name"),
    "/me": ("name", "locale"),
    "/me/password": ("password", "new"),
    "/me/factor/confirm": ("code",),
    "/me/factor/end": ("code",),
    "/sign-in/code": ("code",),
    "/answers/held": ("touchpoint", "response", "do"),
    "/answers/hide": ("touchpoint", "source", "from", "to", "hidden"),
    "/answers/00000000-0000-4000-8000-000000000000/hide": ("hidden",),
    "/company": ("name", "logo_url", "locale", "timezone", "figures", "colour", "mail_from"),
    "/company/keys": ("kind", "name", "reach", "scope"),
    "/desk/comments/00000000-0000-4000-8000-000000000000": ("state",),
    "/insights": (
        "title",
        "text",
        "touchpoint",
        "before",
        "journey",
        "kind",
        "channel",
        "from",
        "to",
        "cites",
        "owners",
    ),
    "/insights/00000000-0000-4000-8000-000000000000": ("title", "text", "owners"),
    "/insights/00000000-0000-4000-8000-000000000000/state": ("state", "was"),
    "/insights/00000000-0000-4000-8000-000000000000/comments": ("text",),
    "/insights/00000000-0000-4000-8000-000000000000/links": ("url",),
    "/insights/00000000-0000-4000-8000-000000000000/actions": ("title", "owner", "due"),
    "/insights/00000000-0000-4000-8000-000000000000/actions/00000000-0000-4000-8000-000000000000": (
        "state",
        "result",
    ),
    "/me/digest": ("every",),
    "/digest/odd": ("List-Unsubscribe",),
    "/signals/settings": ("touchpoint", "as_everywhere", "on", "per_year"),
    "/signals/00000000-0000-4000-8000-000000000000/insight": ("title",),
    "/signals/00000000-0000-4000-8000-000000000000/known": ("next",),
    "/webhooks": ("name", "url", "form", "kinds", "reach", "scope"),
    "/webhooks/00000000-0000-4000-8000-000000000000": ("name", "url", "kinds", "reach", "scope"),
    "/webhooks/00000000-0000-4000-8000-000000000000/do": ("what", "event_id", "since"),
    "/people": ("email", "name", "role", "scope"),
    "/policy": ("document", "do"),
    "/connect": ("kind",),
    "/journeys/first-order/edit/asking": ("mode", "share.confirmed", "share.end", "version"),
    "/language": ("language", "next"),
    "/unassigned": ("key", "touchpoint", "name"),
    "/setup/owners": ("key", "name", "description", "serves.sales", "service.sales"),
    "/setup/personas": ("key", "name", "description", "details.goals"),
    "/setup/touchpoints": ("key", "name", "channel", "owners", "stage", "tags", "measurable"),
    "/setup/touchpoints/installed": ("name", "channel", "owners", "revision", "tags"),
    "/setup/touchpoints/installed/archive": ("revision", "version"),
    "/setup/journeys": ("key", "name", "definition", "abandoned_after_days", "step.1", "step_touchpoint.1"),
    "/setup/file": ("journey", "name", "lanes"),
    "/setup/file/apply": ("text", "filename", "mark"),
    "/journeys/first-order/edit": ("do", "step", "phase", "name", "place", "version", "touchpoint"),
    "/journeys/first-order/edit/facts": ("name", "variant_of", "abandoned_after_days", "version", "personas"),
    "/journeys/first-order/edit/steps/visit": ("name", "actor", "expectation", "expects.x", "version"),
    "/journeys/first-order/share": ("days", "good_for", "note"),
    "/surveys": ("key", "template", "touchpoint", "journey", "subject", "mode"),
    "/surveys/order-nps": (
        "subject",
        "subject.de",
        "from",
        "to",
        "quota",
        "policy",
        "locale",
        "base",
        "text.score.text",
    ),
    "/surveys/order-nps/state": ("state",),
    "/surveys/order-nps/preview": ("subject", "locale", "text.score.text", "quota"),
    "/surveys/order-nps/qr": ("key", "layout", "language", "new"),
    "/surveys/templates": ("name", "key", "origin"),
}
MEANT = {
    "key": "new", "name": "New", "channel": "web", "days": "90", "good_for": "30", "quota": "100", "do": "add-step",
    "phase": "order", "definition": "d", "customer_goal": "c", "business_goal": "b", "abandoned_after_days": "30",
    "version": "1", "revision": "1", "base": "1", "template": "nps", "touchpoint": "installed", "state": "paused",
    "step.1": "One", "step.2": "Two", "locale": "en", "email": "a@example.com", "password": "p", "phase_name": "P", "kind": "server",
}  # fmt: skip


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
        if "POST" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/w/", "/s/", "/u/"))
    }
    without_words = {
        "sign_in.post_sign_out", "own_account.post_end", "company.post_role", "company.post_reset", "company.post_end", "sharing.post_revoke", "setup.archive_journey", "builder.remove_template",
        "builder.take_translation", "company_page.post_revoke", "second_factor.post_factor", "company.post_factor_end", "answer_pages.post_delete",
    }  # fmt: skip
    assert posts - tried - without_words == set()


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
