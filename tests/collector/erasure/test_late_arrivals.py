"""What a customer did before they were erased and is delivered later, by whatever way, brings nobody back."""

from __future__ import annotations

import time as wall
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import a_life
import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from collector import clock, db, erasure, workspaces
from collector.exchange import actions as exchange
from collector.exchange import console, mapping

Headers = dict[str, dict[str, str]]
WORD = "zebrafinch"


class Late:
    """Deliveries that tell of ``c-1`` before they were erased."""

    def __init__(
        self, app: Flask, engine: Engine, keys: Headers, workspace_id: uuid.UUID, folder: Path
    ) -> None:
        self.app, self.sessions, self.keys = app, db.make_sessions(engine), keys
        self.workspace_id, self.folder = workspace_id, folder
        self.at = "2026-11-02T08:00:00Z"

    def send(self, method: str, path: str, body: Any) -> None:
        with self.app.test_client() as client:
            answer = client.open(path, method=method, json=body, headers=self.keys["server"])
            assert answer.status_code < 300, answer.text

    def theirs(self, **more: Any) -> dict[str, Any]:
        return {"customer": "c-1", "occurred_at": self.at, "journey_instance": WORD, **more}

    def trigger(self) -> None:
        body = self.theirs(touchpoint="order-confirmed", transaction=WORD, attributes={"note": WORD})
        self.send("POST", "/api/v1/triggers", {"triggers": [body]})

    def interaction(self) -> None:
        self.send(
            "POST",
            "/api/v1/interactions",
            {"interactions": [self.theirs(touchpoint="installed", transaction=WORD)]},
        )

    def answer(self) -> None:
        body = self.theirs(touchpoint="installed", answers={"score": 2, "comment": WORD})
        self.send("POST", "/api/v1/responses", {"responses": [body]})

    def outcome(self) -> None:
        self.send("PUT", "/api/v1/outcomes", {"outcomes": [self.theirs(key=WORD, kind="churn")]})

    def file(self) -> None:
        """One row has its place, another waits for one."""
        table = self.folder / "cards.csv"
        rows = (
            f"{WORD}-{place},{place},3,{WORD},2026-11-01,c-1,{WORD}\n"
            for place in ("order-confirmed", "nowhere")
        )
        table.write_text("id,place,score,words,at,who,order\n" + "".join(rows))
        with self.sessions() as session:
            workspace = workspaces.get(session, self.workspace_id)
            plan = mapping.load(a_life.PLACED, "cards.yaml")
            *_, report = exchange.import_responses(
                session, workspace, table, plan, "tests", clock.FixedClock()()
            )
            session.commit()
        assert (report.accepted, report.rejected) == (0, 0)
        assert report.skipped["erased_since"].count == 2

    def memory(self) -> None:
        table = self.folder / "memory.csv"
        table.write_text(
            "kind,customer,channel,at,text_version,source,outcome\n"
            f"consent,c-1,email,{self.at},{WORD},{WORD},\n"
            f"asked,c-1,email,{self.at},,,answered\n"
        )
        source = console.remembered(self.workspace_id, table, clock.FixedClock()())
        assert console.Import().run(self.sessions, source) == console.DONE


WAYS: Mapping[str, Callable[[Late], None]] = {
    name: getattr(Late, name) for name in ("trigger", "interaction", "answer", "outcome", "file", "memory")
}


@pytest.fixture
def late(app: Flask, engine: Engine, keys: Headers, company: Any, tmp_path: Path) -> Late:
    return Late(app, engine, keys, company.workspace_id, tmp_path)


@pytest.fixture
def erase(session: Session, company: Any, time: clock.FixedClock) -> Callable[[], datetime]:
    """Erases ``c-1``, an hour after it all happened; to be committed."""

    def call() -> datetime:
        at = time.move(hours=1)
        erasure.actions.erase(session, company.workspace_id, workspaces.pseudonym_of(company, "c-1"), at)
        return at

    return call


@pytest.fixture
def kept(session: Session, company: Any) -> Callable[[], list[str]]:
    """Where the customer, or a word of theirs, stands."""
    return lambda: a_life.holding(session, WORD, workspaces.pseudonym_of(company, "c-1"))


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_kept_of_what_comes_after_the_erasure(
    late: Late, erase: Callable[[], datetime], session: Session, kept: Callable[[], list[str]], way: str
) -> None:
    erase()
    session.commit()
    WAYS[way](late)
    assert kept() == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nothing_is_kept_of_what_comes_while_they_are_erased(
    late: Late, erase: Callable[[], datetime], session: Session, kept: Callable[[], list[str]], way: str
) -> None:
    erase()
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(WAYS[way], late)
        until = wall.monotonic() + 20
        while not session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert wall.monotonic() < until
            assert not sent.done(), sent.result()
        session.commit()
        sent.result(30)
    assert kept() == []


def test_who_comes_back_later_is_known_again(
    late: Late,
    erase: Callable[[], datetime],
    session: Session,
    kept: Callable[[], list[str]],
    time: clock.FixedClock,
) -> None:
    late.at = clock.iso(erase() + timedelta(minutes=30))
    session.commit()
    time.move(hours=1)
    late.answer()
    assert "response.customer" in kept()
