"""Every route x everybody who may call: who gets in, and what nobody finds.

Generated from the app's own routes; ``access_matrix.yaml`` has a row for each, and ``tests/shape`` fails for a route
without one. A row may say ``at`` (where to call), ``json`` or ``form`` (what to send), ``tells`` (whoever may call and
has no scope finds a customer there, else the row shows nothing), and ``scoped`` (what somebody with another scope is
told instead).
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
from two_companies import PLACES, Caller, Company, build, names, undone
from werkzeug.routing import Rule

from collector import clock, db
from collector.config import load
from collector.migrations.models import metadata
from collector.workspaces.access import ALSO, PEOPLE
from tests.collector.conftest import COMPANY, SURVEYS

ROWS: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("access_matrix.yaml").read_text())
SECRET = "test-secret-that-is-long-enough-0123456789"
NOWHERE = "00000000-0000-4000-8000-000000000000"
KEYS = {"journeys": "first-order", "wall": "first-order", "touchpoints": "installed", "owners": "operations"}
KEYS |= {"stakeholders": "operations", "personas": "nobody", "surveys": "visit-csat", "dashlets": "installed"}
ANYONE = Caller("anyone", "public", "nobody")
CALLERS = ["anyone", *names(), "the other company's admin key", "the other company's administrator"]


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
            **{
                what: self.companies[0].ids[f"{what}-{owner}"]
                for what in ("response", "insight", "action", "signal", "run")
            },
        }
        sent = {name: json.loads(_filled(json.dumps(row[name]), told)) for name in ("json",) if name in row}
        form = json.loads(_filled(json.dumps(row["form"]), told)) if "form" in row else None
        path = _filled(row.get("at") or _path(rule, self.companies[0].ids), told)
        with undone(self.app, self.engine):
            return self.client.open(path, method=method, headers=caller.headers, data=form, **sent)

    def caller(self, name: str) -> Caller:
        """Somebody by name: anyone, somebody of the first company, or a stranger from the other."""
        one, two = self.companies
        strangers = {f"the other company's {each.name}": each for each in two.callers}
        return ({"anyone": ANYONE} | {each.name: each for each in one.callers} | strangers)[name]

    def is_tried(self, caller: Caller, rule: Rule) -> bool:
        """Links decide at public doors, whoever calls: two are enough. On the second database those are tried again who
        are turned away or read a part; of those who read everything by the same statements, the administrators."""
        kinds = _kinds(self.app, rule)
        if kinds == ("public",):
            return caller.name in {"anyone", "member of sales"}
        is_again = self.engine.dialect.name == "postgresql" and caller.company == "one" and not caller.scoped
        return not (is_again and _may(caller, kinds) and caller.kind not in {"administrator", "admin"})

    def fault(self, caller: Caller, rule: Rule, method: str) -> str | None:
        """What is wrong with the answer that a caller gets who goes after a customer of Operations."""
        row, kinds = ROWS[f"{method} {rule.endpoint}"], _kinds(self.app, rule)
        answer = self.call(row, rule, method, caller, "operations")
        body, status = answer.get_data(as_text=True), answer.status_code
        if found := _found(self._hidden(caller, kinds), body):
            return f"{status}, tells {found}"
        if not _admitted(caller, kinds, row, answer):
            return f"{status}, {_said(body)}"
        is_to_be_told = (
            row.get("tells") and caller.company == "one" and not caller.scoped and _may(caller, kinds)
        )
        if is_to_be_told and not _found(self.companies[0].words["operations"], body):
            return f"{status}, tells nothing, so this row shows nothing"
        return None

    def _hidden(self, caller: Caller, kinds: tuple[str, ...]) -> list[str]:
        """What this caller must find nowhere."""
        one, two = ([*each.words["operations"], *each.words["sales"]] for each in self.companies)
        if caller.company != "one":
            return [*one, *(two if caller.company == "nobody" else ())]
        is_kept = caller.scoped or not _may(caller, kinds)
        return [*two, *(self.companies[0].words["operations"] if is_kept else ())]


def _said(body: str) -> str:
    """What an answer says first: of a page, what went wrong."""
    return body[max(0, body.find('role="alert"')) :][:300]


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


@pytest.mark.parametrize("name", CALLERS)
def test_who_gets_in_and_what_nobody_finds(world: World, name: str) -> None:
    """One caller at every route; what is wrong is told with route, caller and answer."""
    caller = world.caller(name)
    wrong = [
        f"{method} {rule.endpoint}: {fault}"
        for rule, method in _routes(world.app)
        if world.is_tried(caller, rule) and (fault := world.fault(caller, rule, method))
    ]
    assert wrong == [], name


def test_who_has_the_scope_finds_their_own(world: World) -> None:
    lost = []
    for rule, method in _routes(world.app):
        row, kinds = ROWS[f"{method} {rule.endpoint}"], _kinds(world.app, rule)
        for caller in world.companies[0].callers if row.get("tells") else ():
            if caller.scoped and _may(caller, kinds):
                body = world.call(row, rule, method, caller, "sales").get_data(as_text=True)
                if not _found(world.companies[0].words["sales"], body):
                    lost.append(f"{method} {rule.endpoint}: {caller.name}")
    assert lost == []


def _kinds(app: Flask, rule: Rule) -> tuple[str, ...]:
    return tuple(getattr(app.view_functions[rule.endpoint], "access", ("public",)))


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
        caller.kind in PEOPLE[kind] if kind in PEOPLE else kind in (caller.kind, ALSO.get(caller.kind))
        for kind in kinds
    )


def _admitted(caller: Caller, kinds: tuple[str, ...], row: dict[str, Any], answer: Any) -> bool:
    """Whether somebody was let in, or turned away, as the view's mark and the row say."""
    if answer.status_code >= 500:
        return False
    if not _may(caller, kinds):
        return _is_refused(answer)
    if caller.scoped and "scoped" in row:
        return bool(answer.status_code == row["scoped"])
    return kinds == ("public",) or not _is_refused(answer) or caller.company == "two"


def _is_refused(answer: Any) -> bool:
    sent_away = answer.status_code == 302 and "/sign-in" in answer.location
    return answer.status_code in {401, 403} or sent_away


def _found(words: list[str], body: str) -> list[str]:
    return [word for word in words if word in body]
