"""While a fixed number is collected, nobody finds what a run was told: on no page, in no call, file, view or message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import bi, clock, webhooks, workspaces
from collector.cli import main
from collector.communities import runs
from collector.kpis import rollups
from collector.responses import Response
from collector.results import reaching
from collector.signals import Signal
from collector.signals import jobs as noticing
from collector.workspaces import sight

WORD = "zebrafish"
THRESHOLD = {"measure": "csat", "kind": "threshold", "value": 50}
SEALED = {"template": "csat", "variants": [], "design": "fixed", "n": 6, "hypotheses": [THRESHOLD]}
KEYS = {
    "runs": "new-page",
    "touchpoints": "order-confirmed",
    "journeys": "first-order",
    "wall": "first-order",
    "owners": "sales",
    "dashlets": "order-confirmed",
    "surveys": "new-page",
    "customers": "c-0",
}
TELLS = {
    "/touchpoints/order-confirmed",
    "/api/v1/comments",
    "/api/v1/exports/responses.jsonl",
}
"""Places that show a comment to whoever may read it; the sweep looks at all others too."""
OWN = {"/api/v1/customers/c-0/timeline"}
"""What a customer may ask for as their own data is theirs, and each look stands in the record."""


@pytest.fixture
def ask(make: Any, trigger: Any, answer: Any) -> Any:
    """``ask(range(5))``: these customers answer the run, unhappily."""
    make(**SEALED)

    def call(numbers: Any, said: str = WORD) -> None:
        for number in numbers:
            asked = trigger(customer=f"c-{number}", transaction=f"t-{number}", attributes={"tariff": "gold"})
            token = asked["invitation"]["token"]
            assert answer(token, complete=True, score=1, comment=f"{said} {number}").status_code == 201

    return call


@pytest.fixture
def work(session: Session, time: clock.FixedClock) -> Any:
    """Let the worker count and notice."""

    def call() -> None:
        session.rollback()
        time.move(minutes=5)
        while rollups.count(session, time()):
            pass
        while noticing.notice(session, time()):
            pass
        session.commit()

    return call


def _paths(app: Any, response_id: Any) -> Iterator[str]:
    """Every address that can be got, filled in with this run and where it asks."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.rule.startswith("/w/"):
            continue
        path = ""
        for part in re.split(r"(<[^>]+>)", rule.rule):
            before = path.rstrip("/").rpartition("/")[2]
            path += _value(part, before, response_id) if part.startswith("<") else part
        yield path
    yield "/customers?customer=c-0"
    yield f"/comments?search={WORD}"


def _value(part: str, before: str, response_id: Any) -> str:
    kind = part[1:-1].rpartition(":")[0]
    if kind.startswith("any("):
        return re.sub(r"[ \"']", "", kind[4:-1]).split(",")[-1]
    return str(response_id) if kind == "uuid" else KEYS.get(before, "unknown")


def _telling(app: Any, reader: Any, client: Any, keys: Any, response_id: Any) -> set[str]:
    """The addresses at which the word stands, for an editor who sees everything or an administrator's key."""
    found = set()
    for path in _paths(app, response_id):
        bodies = [reader.get(path).text]
        if path.startswith("/api"):
            bodies.append(client.get(path, headers=keys["admin"]).text)
        if any(WORD in body for body in bodies):
            found.add(path)
    return found


def test_no_address_tells_before_the_number_is_there_and_those_that_may_do_afterwards(
    app: Any, reader: Any, client: Any, keys: Any, ask: Any, work: Any, session: Session, time: Any
) -> None:
    ask(range(5))
    work()
    response_id = session.scalars(select(Response.response_id)).first()
    session.rollback()
    assert _telling(app, reader, client, keys, response_id) <= OWN
    kpis = "/api/v1/kpis?metric=csat&touchpoint=order-confirmed"
    assert '"n":5' not in client.get(kpis, headers=keys["read"]).text
    assert reader.get("/touchpoints/order-confirmed").status_code == 200
    assert reaching.note(session, time()) == 0


def test_what_was_told_is_shown_once_the_number_is_there(
    app: Any, reader: Any, client: Any, keys: Any, ask: Any, work: Any, session: Session, time: Any
) -> None:
    ask(range(6))
    work()
    response_id = session.scalars(select(Response.response_id)).first()
    session.rollback()
    assert _telling(app, reader, client, keys, response_id) <= OWN
    assert (reaching.note(session, time()), reaching.note(session, time())) == (1, 0)
    session.commit()
    assert _telling(app, reader, client, keys, response_id) >= TELLS | OWN
    kpis = "/api/v1/kpis?metric=csat&touchpoint=order-confirmed"
    assert '"n":6' in client.get(kpis, headers=keys["read"]).text


def test_a_run_that_is_concluded_early_keeps_nothing_any_more(
    reader: Any, client: Any, keys: Any, ask: Any
) -> None:
    ask(range(5))
    assert client.post("/api/v1/runs/new-page/stop", headers=keys["admin"]).json["state"] == "concluded"
    assert WORD in reader.get("/touchpoints/order-confirmed").text
    counts = client.get("/api/v1/runs/new-page/counts.csv", headers=keys["read"]).text
    assert ",5,5" in counts


def test_nobody_is_told_of_single_answers(
    ask: Any, work: Any, session: Session, company: Any, time: Any, client: Any, keys: Any
) -> None:
    hook = {"url": "https://8.8.8.8/hook", "kinds": ["response.completed"], "name": "Hook"}
    assert client.post("/api/v1/webhooks", json=hook, headers=keys["admin"]).status_code == 201
    ask(range(5))
    work()
    assert session.scalar(select(func.count()).select_from(Signal).where(Signal.rule == "unhappy")) == 0
    told = session.scalars(select(webhooks.WebhookEvent.data)).all()
    assert [each["score"] for each in told] == [None] * 5


def test_the_command_line_and_the_views_for_bi_keep_it_too(
    ask: Any, work: Any, session: Session, time: Any, database_url: str, monkeypatch: Any
) -> None:
    ask(range(6))
    work()
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", database_url)
    monkeypatch.setenv("AFTERWORD_SECRET_KEY", "s" * 40)
    connection = session.connection()
    bi.install(connection)
    view = f"{bi.SCHEMA}.daily_scores" if connection.dialect.name == "postgresql" else f"{bi.PREFIX}daily_scores"  # fmt: skip

    def told() -> tuple[int, int]:
        n = connection.exec_driver_sql(f"SELECT coalesce(sum(n), 0) FROM {view}").scalar()
        session.commit()
        file = CliRunner().invoke(main, ["export", "responses", "-", "--format", "csv"])
        return int(n or 0), file.output.count(WORD)

    assert told() == (0, 0)
    connection = session.connection()
    reaching.note(session, time())
    session.flush()
    assert told() == (6, 12)  # as the comment, and among the answers


def test_who_writes_finds_it_all_the_same(
    ask: Any,
    session: Session,
    company: workspaces.Workspace,
    client: Any,
    keys: Any,
    trigger: Any,
    answer: Any,
) -> None:
    """More of an answer joins it under a server's key; erasing and deleting reach it; a scope still holds."""
    ask(range(2))
    token = trigger(customer="c-9")["invitation"]["token"]
    given = {"token": token, "response_id": "00000000-0000-4000-8000-000000000009"}
    for said in ({"score": 2}, {"score": 2, "comment": WORD}):
        body = {**given, "answers": said, "complete": "comment" in said}
        assert client.post("/w/v1/responses", json=body, headers=keys["server"]).status_code in (200, 201)
    assert client.delete("/api/v1/customers/c-0", headers=keys["server"]).status_code == 200
    kept = session.scalars(select(Response.response_id)).all()
    session.rollback()
    assert len(kept) == 2
    gone = client.delete(f"/api/v1/responses/{kept[0]}", headers=keys["admin"])
    assert gone.json == {"answers": 1}
    sight.bind(session, sight.Sight(company.workspace_id))
    assert session.scalars(select(Response)).all() == []
    with sight.unsealed(session):
        assert len(session.scalars(select(Response)).all()) == 1


def test_a_run_that_may_be_looked_at_at_any_time_hides_nothing(
    make: Any, trigger: Any, answer: Any, session: Session, company: Any, reader: Any
) -> None:
    make(**{**SEALED, "design": "always_valid", "n": None})
    assert runs.sealing.series(session, company.workspace_id) == []
    session.rollback()
    token = trigger(customer="c-1")["invitation"]["token"]
    answer(token, complete=True, score=1, comment=WORD)
    assert WORD in reader.get("/touchpoints/order-confirmed").text
