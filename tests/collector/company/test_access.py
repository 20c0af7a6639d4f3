"""Every route x everybody who may call: who gets in, and what nobody finds.

Generated from the app's own routes; ``access_matrix.yaml`` has a row for each, and a route without one fails. A row may
say ``at`` (where to call), ``json`` or ``form`` (what to send), ``tells`` (whoever may call and has no scope finds a
customer there, else the row shows nothing), and ``scoped`` (what somebody with another scope is told instead).
Everybody is sent after a customer of Operations: who has the scope of Sales finds no word of them, and nobody of the
other company finds a word of either. Whatever is called is taken back, so that each call finds the same two companies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import quick
import yaml
from flask import Flask
from two_companies import PLACES, Caller, Company, build, undone
from werkzeug.routing import Rule

from collector import clock, db
from collector.config import load
from collector.migrations.models import metadata
from collector.workspaces.access import PEOPLE
from tests.collector.conftest import COMPANY, SURVEYS

ROWS: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("access_matrix.yaml").read_text())
SECRET = "test-secret-that-is-long-enough-0123456789"
NOWHERE = "00000000-0000-4000-8000-000000000000"
KEYS = {"journeys": "first-order", "wall": "first-order", "touchpoints": "installed", "owners": "operations"}
KEYS |= {"stakeholders": "operations", "personas": "nobody", "surveys": "visit-csat", "dashlets": "installed"}
ANYONE = Caller("anyone", "public", "nobody")


class World:
    """The app with its two companies."""

    def __init__(self, app: Flask, engine: Any, companies: list[Company]) -> None:
        self.app, self.engine, self.companies = app, engine, companies
        self.client = app.test_client(use_cookies=False)

    def call(self, row: dict[str, Any], rule: Rule, method: str, caller: Caller, owner: str) -> Any:
        """What a caller is answered who goes after a customer of a department of the first company."""
        told = {
            "owner": owner,
            "touchpoint": PLACES[owner],
            "customer": f"customer-one-{owner}",
            "transaction": f"order-one-{owner}",
            "uuid": NOWHERE,
            **{what: self.companies[0].ids[f"{what}-{owner}"] for what in ("response", "insight", "action")},
        }
        sent = {name: json.loads(_filled(json.dumps(row[name]), told)) for name in ("json",) if name in row}
        path = _filled(row.get("at") or _path(rule, self.companies[0].ids), told)
        with undone(self.app, self.engine):
            return self.client.open(path, method=method, headers=caller.headers, data=row.get("form"), **sent)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    url = _database(request, tmp_path_factory)
    engine = quick.engine(url)
    config = load({"AFTERWORD_DATABASE_URL": url, "AFTERWORD_SECRET_KEY": SECRET})
    now = clock.FixedClock()
    app = quick.app(config, engine, now)
    with db.make_sessions(engine)() as session:
        made = [build(app, session, name, COMPANY, SURVEYS, now()) for name in ("one", "two")]
    yield World(app, engine, made)
    if url.startswith("postgresql"):
        quick.empty_postgresql(url, metadata.sorted_tables)
    engine.dispose()


def _database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_database"))
    path = tmp_path_factory.mktemp("access") / "afterword.db"
    quick.renew_sqlite(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


def test_each_route_has_its_row_and_each_row_its_route(world: World) -> None:
    assert sorted(ROWS) == sorted(f"{method} {rule.endpoint}" for rule, method in _routes(world.app))


@pytest.mark.parametrize("name", ROWS)
def test_who_gets_in_and_what_nobody_finds(world: World, name: str) -> None:
    method, _, endpoint = name.partition(" ")
    rule = next(rule for rule, by in _routes(world.app) if (rule.endpoint, by) == (endpoint, method))
    kinds = getattr(world.app.view_functions[endpoint], "access", ("public",))
    one, two = world.companies
    strangers = [each for each in two.callers if each.kind in {"admin", "administrator"}]
    for caller in (ANYONE, *one.callers[-1:]) if kinds == ("public",) else (ANYONE, *one.callers, *strangers):
        answer = world.call(ROWS[name], rule, method, caller, "operations")
        body, row = answer.get_data(as_text=True), ROWS[name]
        assert answer.status_code < 500, (caller.name, body)
        if not _may(caller, kinds):
            assert _is_refused(answer), (caller.name, answer.status_code)
        elif caller.scoped and "scoped" in row and caller.company == "one":
            assert answer.status_code == row["scoped"], (caller.name, body)
        elif kinds != ("public",):  # there, a link's secret decides
            assert not _is_refused(answer) or caller.company == "two", (caller.name, answer.status_code, body)
            if row.get("tells") and caller.company == "one" and not caller.scoped:
                assert _found(one.words["operations"], body), (caller.name, body)
        hidden = [*two.words["operations"], *two.words["sales"]]
        if caller.company != "one":
            hidden = [*one.words["operations"], *one.words["sales"]]
        elif caller.scoped or not _may(caller, kinds):
            hidden += one.words["operations"]
        assert not _found(hidden, body), caller.name


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.get("tells")])
def test_who_has_the_scope_finds_their_own(world: World, name: str) -> None:
    method, _, endpoint = name.partition(" ")
    rule = next(rule for rule, by in _routes(world.app) if (rule.endpoint, by) == (endpoint, method))
    kinds = getattr(world.app.view_functions[endpoint], "access", ())
    one = world.companies[0]
    for caller in one.callers:
        if caller.scoped and _may(caller, kinds):
            body = world.call(ROWS[name], rule, method, caller, "sales").get_data(as_text=True)
            assert _found(one.words["sales"], body), (caller.name, body)


def _routes(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def _path(rule: Rule, ids: dict[str, str]) -> str:
    """A rule's path, each of its variables filled in by what stands before it."""
    path = ""
    for part in re.split(r"(<[^>]+>)", rule.rule):
        before = path.rstrip("/").rpartition("/")[2]
        path += _value(part[1:-1], before, ids) if part.startswith("<") else part
    return path


def _value(variable: str, before: str, ids: dict[str, str]) -> str:
    converter, _, name = variable.rpartition(":")
    if converter.startswith("any("):
        return re.sub(r"[ \"']", "", converter[4:-1]).split(",")[0]
    if name in {"key", "kid", "person_id"} and before in KEYS | ids:
        return (KEYS | ids)[before]
    return {"uuid": NOWHERE, "int": "1"}.get(converter, "unknown")


def _filled(text: str, told: dict[str, str]) -> str:
    for name, value in told.items():
        text = text.replace("{" + name + "}", value)
    return text


def _may(caller: Caller, kinds: tuple[str, ...]) -> bool:
    return kinds == ("public",) or any(
        caller.kind in PEOPLE[kind] if kind in PEOPLE else caller.kind == kind for kind in kinds
    )


def _is_refused(answer: Any) -> bool:
    sent_away = answer.status_code == 302 and "/sign-in" in answer.location
    return answer.status_code in {401, 403} or sent_away


def _found(words: list[str], body: str) -> list[str]:
    return [word for word in words if word in body]
