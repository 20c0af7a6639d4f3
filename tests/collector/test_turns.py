"""Writers to SQLite go one after the other, in the order in which they came."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import text

from collector import db
from collector.turns import NoTurn, Turns


def test_a_turn_goes_to_the_one_who_waited_longest() -> None:
    turns, order = Turns(), []

    def write(name: int) -> None:
        turns.take(30)
        order.append(name)
        turns.hand_on()

    turns.take()
    threads = [threading.Thread(target=write, args=(name,)) for name in range(5)]
    for waiting, thread in enumerate(threads, 1):
        thread.start()
        while len(turns._waiting) < waiting:
            time.sleep(0.001)
    turns.hand_on()
    turns.take(30)  # comes last, and so goes last
    for thread in threads:
        thread.join(30)
    assert order == [0, 1, 2, 3, 4]


def test_who_cannot_wait_leaves_the_queue() -> None:
    turns = Turns()
    turns.take()
    with pytest.raises(NoTurn):
        turns.take(0.01)
    turns.hand_on()
    turns.take(0.01)


@pytest.mark.parametrize("end", ["commit", "rollback", "close", "invalidate"])
def test_a_turn_ends_with_its_transaction(sqlite_url: str, end: str) -> None:
    engine = db.make_engine(sqlite_url, 2)
    first = engine.connect()
    first.execute(text("SELECT 1"))
    getattr(first, end)()
    with engine.begin() as second:
        second.execute(text("SELECT 1"))
    first.close()
    engine.dispose()


def test_a_busy_database_is_passing_and_keeps_no_turn(sqlite_url: str) -> None:
    here, elsewhere = db.make_engine(sqlite_url, 1), db.make_engine(sqlite_url, 1)
    with here.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=10")
        connection.rollback()
        with elsewhere.begin() as writer:
            writer.execute(text("SELECT 1"))
            with pytest.raises(Exception, match="locked") as refused:
                connection.execute(text("SELECT 1"))
        assert db.is_passing(refused.value)
        assert db.is_passing(NoTurn())
        connection.rollback()
        connection.execute(text("SELECT 1"))
    for engine in (here, elsewhere):
        engine.dispose()
