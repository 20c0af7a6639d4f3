"""Counted answers that two take out at once, or one while they are counted: what went is taken out of the figures once.

One transaction is held open, the other is begun and seen to wait for it, then the first ends: the same order every time.
"""

from __future__ import annotations

import threading
import time as machine
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from collector import clock, db, erasure
from collector.erasure import answers
from collector.kpis import Rollup, rollups
from collector.responses import Response

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
PATIENCE = 30
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
Headers = dict[str, dict[str, str]]
First = Callable[[Session, Response], Any]


@pytest.fixture
def said(session: Session, trigger: Any, answer: Any, time: clock.FixedClock) -> Response:
    """The one answer of a customer, complete and not counted yet."""
    answer(trigger(customer="c-1")["invitation"]["token"], score=0, complete=True)
    row = session.scalars(select(Response)).one()
    session.commit()
    return row


@pytest.fixture
def counted(session: Session, said: Response, time: clock.FixedClock) -> Response:
    """The same, counted."""
    assert rollups.count(session, time()) == 1
    session.commit()
    return said


@contextmanager
def beside(app: Flask, engine: Engine, method: str, path: str, head: dict[str, str]) -> Iterator[list[int]]:
    """A call made while another transaction is open, seen to wait for it; the block ends that one. Gives the call's status."""
    found: list[int] = []
    call = threading.Thread(
        target=lambda: found.append(app.test_client().open(path, method=method, headers=head).status_code)
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        call.start()
        end = machine.monotonic() + PATIENCE
        while call.is_alive() and not watcher.scalar(WAITING):
            assert machine.monotonic() < end, "it neither waits nor ends"
            machine.sleep(0.01)
        assert call.is_alive(), f"it waited for nobody: {found}"
    yield found
    call.join(PATIENCE)
    assert not call.is_alive()


def erased(session: Session, row: Response) -> Any:
    return erasure.erase_all(session, row.workspace_id, [str(row.customer)], row.received_at)


def removed(session: Session, row: Response) -> Any:
    which = (Response.workspace_id == row.workspace_id) & (Response.response_id == row.response_id)
    return answers.remove(session, row.workspace_id, which, "tests", row.received_at)


def left(session: Session) -> tuple[int, list[int]]:
    """(answers, the rollup's counts)"""
    found = (
        session.scalar(select(func.count()).select_from(Response)),
        session.scalars(select(Rollup.n)).all(),
    )
    session.rollback()
    return found[0] or 0, list(found[1])


@pytest.mark.parametrize("first", [erased, removed])
@pytest.mark.parametrize("second", ["customers/c-1", "responses/{0.response_id}"])
def test_a_counted_answer_that_two_erase_at_once_is_taken_out_once(
    app: Flask, engine: Engine, session: Session, keys: Headers, counted: Response, first: First, second: str
) -> None:
    path = "/api/v1/" + second.format(counted)
    session.rollback()
    with db.make_sessions(engine)() as held:
        row = held.get_one(Response, (counted.workspace_id, counted.response_id))
        first(held, row)
        with beside(app, engine, "DELETE", path, keys["admin"]) as status:
            held.commit()
    assert status[0] < 500
    assert left(session) == (0, [0])


@pytest.mark.parametrize("path", ["customers/c-1", "responses/{0.response_id}"])
def test_an_answer_that_is_erased_while_it_is_counted_stands_in_no_figure(
    app: Flask, engine: Engine, session: Session, keys: Headers, said: Response, time: Any, path: str
) -> None:
    path = "/api/v1/" + path.format(said)
    session.rollback()
    with db.make_sessions(engine)() as held:
        assert rollups.count(held, time()) == 1
        with beside(app, engine, "DELETE", path, keys["admin"]) as status:
            held.commit()
    assert status[0] < 500
    assert left(session) == (0, [0])
