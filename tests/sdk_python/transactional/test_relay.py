"""Relays deliver each row once, set aside what is refused, and tell of a database or a collector that is out of order."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from afterword import Client, Problem
from afterword.transactional import statements
from afterword.transactional.relay import Relay
from afterword.transactional.source import TableSource
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from tests.sdk_python.transactional.conftest import order


class Hesitating:
    """A DB-API connection (or its cursor) that lets something else happen just before its first UPDATE."""

    def __init__(self, inner: Any, meanwhile: list[Callable[[], None]]) -> None:
        self._inner, self._meanwhile = inner, meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def cursor(self) -> Hesitating:
        return Hesitating(self._inner.cursor(), self._meanwhile)

    def execute(self, statement: str, *values: Any) -> None:
        if statement.startswith("UPDATE") and self._meanwhile:
            self._meanwhile.pop()()
        self._inner.execute(statement, *values)


def test_several_relays_deliver_each_row_once(
    engine: Engine, client: Client, sink: Any, api_key: str
) -> None:
    with Session(engine) as session:
        for number in range(2_000):
            client.trigger_survey("order-confirmed", transaction=f"t{number}", session=session)
        session.commit()
    relays = [Relay(engine, sink.url, api_key=api_key) for _ in range(4)]
    threads = [threading.Thread(target=relay.drain, args=(30,)) for relay in relays]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sink.transactions()) == sorted(f"t{number}" for number in range(2_000))
    assert sink.received == 2_000
    assert sum(relay.stats().delivered for relay in relays) == 2_000


def test_a_cancellation_between_look_and_claim_overtakes_nothing(engine: Engine, client: Client) -> None:
    def cancel() -> None:
        with Session(engine) as session:
            client.cancel_survey(transaction="one", session=session)
            order(client, session, "two")
            session.commit()

    meanwhile = [cancel]
    first = TableSource(engine.raw_connection)
    second = TableSource(lambda: Hesitating(engine.raw_connection(), meanwhile))
    with Session(engine) as session:
        order(client, session, "one")
        session.commit()
    held = first.take(500)
    assert [row.kind for row in held] == ["trigger"]
    assert second.take(500) == []
    assert meanwhile == []
    first.delivered(held)
    assert [row.kind for row in second.take(500)] == ["cancel"]


def test_the_thread_delivers_without_being_asked(
    engine: Engine, relay: Relay, client: Client, sink: Any, wait_until: Callable[..., bool]
) -> None:
    relay.start()
    for name in ("one", "two"):
        with Session(engine) as session:
            order(client, session, name)
            session.commit()
        assert wait_until(lambda wanted=name: wanted in sink.transactions())


def test_refused_rows_stay_in_the_table_with_the_reason(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    with Session(engine) as session:
        client.trigger_survey("bad", transaction="bad", session=session)
        order(client, session, "good")
        session.commit()
    assert relay.drain()
    assert sink.transactions() == ["good"]
    assert relay.stats().dead == 1
    with engine.connect() as connection:
        status, reason = connection.execute(text("SELECT status, reason FROM afterword_outbox")).one()
    assert status == 422
    assert "not to the taste" in reason
    assert relay.retry_dead_letters() == 1
    assert relay.stats().queued == 1


def test_a_database_out_of_order_is_told_and_tried_again(
    sink: Any, api_key: str, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    problems: list[Problem] = []
    engine = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    relay = Relay(engine, sink.url, api_key=api_key, poll=0.05, on_error=problems.append)
    relay.start()
    assert wait_until(lambda: problems)
    assert problems[0].code == "delivery_failed"
    assert "no such table" in problems[0].message
    relay.create_table()
    with engine.begin() as connection, Client(sink.url, api_key=api_key, outbox=None) as client:
        client.trigger_survey("order-confirmed", transaction="one", session=connection)
    assert wait_until(lambda: sink.transactions() == ["one"])
    relay.stop()
    engine.dispose()


def test_rows_wait_while_the_collector_is_down(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    sink.stop()
    with Session(engine) as session:
        order(client, session, "one")
        session.commit()
    assert not relay.drain(0.2)
    assert relay.stats().queued == 1
    sink.start()
    assert relay.drain()
    assert sink.transactions() == ["one"]


def test_the_command_delivers_once_or_until_it_is_told_to_end(
    engine: Engine, client: Client, sink: Any, api_key: str, wait_until: Callable[..., bool]
) -> None:
    address = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "afterword.relay", "--database-url", address, "--url", sink.url]
    environment = {**os.environ, "AFTERWORD_API_KEY": api_key}
    with Session(engine) as session:
        order(client, session, "one")
        session.commit()
    once = subprocess.run(
        [*command, "--once", "--create-table"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert (once.returncode, once.stdout) == (0, "delivered 1, refused 0, waiting 0\n"), once.stderr
    running = subprocess.Popen(
        [*command, "--poll", "0.05"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "afterword-relay: running\n"
    with Session(engine) as session:
        order(client, session, "two")
        session.commit()
    assert wait_until(lambda: "two" in sink.transactions())
    time.sleep(0.2)
    running.terminate()
    assert running.communicate(timeout=20)[0] == "delivered 1, refused 0, waiting 0\n"
    assert running.returncode == 0


def test_the_command_says_what_is_missing() -> None:
    environment = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    said = subprocess.run(
        [sys.executable, "-m", "afterword.relay"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert said.returncode == 2
    assert said.stderr == "afterword-relay: --database-url is missing\n"


def put(engine: Engine, kind: str, body: str, name: str = "x") -> None:
    with engine.begin() as connection:
        values = {"kind": kind, "body": body, "name": name}
        connection.execute(
            text(
                "INSERT INTO afterword_outbox (kind, item_id, body, created_at) VALUES (:kind, :name, :body, 0)"
            ),
            values,
        )


def test_rows_that_this_version_cannot_read_are_set_aside(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    put(engine, "response", "{}")  # written by a later version, during a rolling upgrade
    put(engine, "cancel", "{")
    put(engine, "erase", "7")
    put(engine, "trigger", "no JSON")
    sink.fault = refuse_what_is_no_json
    with Session(engine) as session:
        for number in range(5):
            order(client, session, f"o-{number}")
        session.commit()
    assert relay.drain()
    assert sink.transactions() == [f"o-{number}" for number in range(5)]
    assert {letter.kind for letter in relay.dead_letters()} == {"response", "cancel", "erase", "trigger"}
    assert "unknown kind 'response'" in " ".join(letter.reason for letter in relay.dead_letters())
    assert (relay.stats().delivered, relay.stats().dead) == (5, 4)


def refuse_what_is_no_json(handler: Any, sink: Any, what: str, body: Any) -> bool:
    if body is not None:
        return False
    handler.answer(400, {"status": 400, "code": "malformed_body"})
    return True


def test_dead_letters_can_be_purged(engine: Engine, relay: Relay) -> None:
    for name in ("old", "young"):
        put(engine, "response", "{}", name)
    assert relay.drain()
    with engine.begin() as connection:
        connection.execute(text("UPDATE afterword_outbox SET failed_at = 1000000000 WHERE item_id = 'old'"))
    assert relay.purge_dead_letters(older_than=86_400) == 1
    assert [letter.id for letter in relay.dead_letters()] == ["young"]


def test_the_first_barrier_is_found_by_an_index_of_its_own(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(
                text(
                    "INSERT INTO afterword_outbox (kind, item_id, body, created_at)"
                    " SELECT 'trigger', i, '{}', 0 FROM generate_series(1, 20000) i"
                )
            )
            connection.execute(text("ANALYZE afterword_outbox"))
        explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = connection.execute(text(f"{explain} {statements.FIRST_BARRIER}")).fetchall()
    assert "ix_afterword_outbox_barrier" in str(plan)


def test_a_lease_from_before_the_clock_was_set_back_has_lapsed(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    with Session(engine) as session:
        order(client, session, "one")
        session.commit()
    with engine.begin() as connection:
        held = "UPDATE afterword_outbox SET claimed_by = 'another', claimed_until = :until"
        connection.execute(text(held), {"until": time.time() + 86_400})
    assert relay.drain(5)
    assert sink.transactions() == ["one"]


def test_the_relay_says_since_when_rows_wait(engine: Engine, relay: Relay, client: Client) -> None:
    assert relay.stats().oldest_age is None
    put(engine, "trigger", "{}")
    assert (relay.stats().oldest_age or 0) > 1_000_000
