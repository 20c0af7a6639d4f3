"""SQLite's log stays short, whatever is read meanwhile, and whoever writes does not wait for whoever reads."""

from __future__ import annotations

import threading
import time as wall
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, text

from collector import db, write_ahead_log
from collector.config import Config
from collector.service import worker

NOW = datetime(2026, 11, 2, tzinfo=UTC)
SMALL = 256 * 1024
READERS, READS, LONG = 4, 0.1, 60.0


@pytest.fixture
def engine(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(write_ahead_log, "LIMIT", SMALL)
    monkeypatch.setattr(write_ahead_log, "LARGE", 4 * SMALL)
    engine = db.make_engine(sqlite_url, 8)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE filled (n INTEGER PRIMARY KEY, what BLOB)"))
    yield engine
    engine.dispose()


def fill(engine: Engine, size: int) -> None:
    """Write so many bytes, a little at a time."""
    for _ in range(size // 65536):
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO filled (what) VALUES (randomblob(65536))"))


def look(engine: Engine) -> Connection:
    """A reader who stays."""
    connection = engine.execution_options(afterword_begin="BEGIN DEFERRED").connect()
    connection.execute(text("SELECT count(*) FROM filled")).scalar()
    return connection


def round_of(engine: Engine, kept: write_ahead_log.Kept) -> None:
    """What the worker does every few seconds."""
    with db.make_sessions(engine)() as session:
        has_work = kept.is_long(db.read_only(session), NOW)
    if has_work:
        with db.make_sessions(engine).begin() as session:
            assert kept.shorten(session, NOW) == 0


def test_a_long_reader_is_waited_for_by_nobody_and_then_the_log_is_cut(engine: Engine) -> None:
    kept, reader = write_ahead_log.Kept(), look(engine)
    fill(engine, 3 * SMALL)
    before = write_ahead_log.size(engine)
    assert before > SMALL
    began = wall.monotonic()
    with db.make_sessions(engine).begin() as session:
        kept.shorten(session, NOW)
    assert wall.monotonic() - began < write_ahead_log.FIRST  # it did not stay for the reader
    assert reader.execute(text("SELECT count(*) FROM filled")).scalar() == 0  # who saw what stood there
    fill(engine, SMALL)
    assert write_ahead_log.size(engine) > before
    reader.close()
    round_of(engine, kept)
    assert write_ahead_log.size(engine) == 0
    fill(engine, SMALL // 2)


def test_writers_wait_for_a_reader_once_for_each_doubling_and_never_long(engine: Engine) -> None:
    kept, reader, waited = write_ahead_log.Kept(), look(engine), []
    fill(engine, 5 * SMALL)
    for _ in range(3):
        grown = write_ahead_log.size(engine)
        began = wall.monotonic()
        round_of(engine, kept)
        waited.append(wall.monotonic() - began >= write_ahead_log.FIRST)
    assert waited == [True, False, False]
    assert (kept.seconds, kept.bound) == (2 * write_ahead_log.FIRST, 2 * grown)
    reader.close()
    round_of(engine, kept)
    assert write_ahead_log.size(engine) == 0
    assert (kept.seconds, kept.bound) == (write_ahead_log.FIRST, write_ahead_log.LARGE)


def test_readers_who_overlap_let_the_log_grow_no_further(engine: Engine) -> None:
    kept, stop = write_ahead_log.Kept(), threading.Event()

    def read(first: float) -> None:
        wall.sleep(first)
        while not stop.is_set():
            with look(engine):
                wall.sleep(READS)

    threads = [threading.Thread(target=read, args=(n * READS / READERS,)) for n in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        sizes = []
        for _ in range(24):
            fill(engine, 2 * SMALL)
            round_of(engine, kept)
            sizes.append(write_ahead_log.size(engine))
    finally:
        stop.set()
        for thread in threads:
            thread.join(LONG)
    assert max(sizes) <= 2 * write_ahead_log.LARGE + 4 * SMALL
    assert min(sizes) == 0


def test_what_was_erased_is_gone_from_the_log_at_once(engine: Engine) -> None:
    fill(engine, SMALL)
    with db.make_sessions(engine)() as session:
        write_ahead_log.empty(session)
    assert write_ahead_log.size(engine) == 0


def test_a_log_that_was_long_is_cut_by_sqlite_itself(sqlite_url: str) -> None:
    """Where no worker runs: begun anew, it keeps no more than the limit."""
    engine = db.make_engine(sqlite_url, 2)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_size_limit")).scalar() == write_ahead_log.LIMIT
    engine.dispose()


def test_the_worker_sees_to_it_where_there_is_such_a_log(config: Config) -> None:
    names = [job.name for job in worker.jobs_of(config)]
    assert ("keep the write-ahead log short" in names) == config.is_sqlite
