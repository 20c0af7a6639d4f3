"""What PostgreSQL keeps of deleted rows: nothing, once its tables are written anew."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import a_life
import own_postgresql
import pytest
import quick
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from collector import errors
from collector.cli import main
from collector.config import Config, load
from collector.erasure import leftovers
from collector.migrations import upgrade
from collector.migrations.models import metadata

Headers = dict[str, dict[str, str]]
WORD = f"zebrafinch{uuid.uuid4().hex[:8]}"
"""Nobody else's who writes into the same server's log meanwhile."""

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture(scope="module")
def own_database() -> Iterator[str]:
    """On a server of its own: what others write meanwhile on the run's would be waited for."""
    with own_postgresql.running() as server, own_postgresql.migrated(server, upgrade) as url:
        yield url


@pytest.fixture
def postgresql_url(own_database: str) -> Iterator[str]:
    yield own_database
    quick.empty_postgresql(own_database, metadata.sorted_tables)


@pytest.fixture
def config(database_url: str) -> Config:
    """As elsewhere, with a mail server (none is met)."""
    settings = {"SMTP_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "survey@example.com"}
    given = {"DATABASE_URL": database_url, "SECRET_KEY": "s" * 40, **settings}
    return load({f"AFTERWORD_{name}": value for name, value in given.items()})


@pytest.fixture
def server(database_url: str) -> Iterator[Connection]:
    """A connection of the server's administrator; each statement is committed by itself."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET wal_recycle = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        yield connection
        connection.execute(text("ALTER SYSTEM RESET wal_recycle"))
    engine.dispose()


def test_no_file_holds_a_word_once_tables_are_written_anew(
    client: FlaskClient,
    company: Any,
    keys: Headers,
    session: Session,
    tmp_path: Path,
    server: Connection,
) -> None:
    """Neither a table nor the planner's samples of columns; and no log, once that is cut as the how-to says."""
    for customer, word in (("c-1", WORD), ("c-2", "nightjar")):
        a_life.lived(client, keys, session, company, tmp_path, customer, word)
    session.close()
    server.execute(text("ANALYZE"))  # as autovacuum does whenever it likes
    server.execute(text("CHECKPOINT"))
    assert server.scalar(SAMPLES, {"word": f"%{WORD}%"})
    assert _holding(_tables(server))
    assert _holding(_log(server))

    _erase(client, keys)
    leftovers.write_anew(server)
    server.execute(text("CHECKPOINT"))
    assert _holding(_tables(server)) == []

    end = time.monotonic() + 30
    while (held := _holding(_cut_log(server))) and time.monotonic() < end:
        time.sleep(0.1)
    assert held == []


def test_tables_without_rows_keep_no_sample_of_those_they_had(
    client: FlaskClient, company: Any, keys: Headers, session: Session, tmp_path: Path, server: Connection
) -> None:
    a_life.lived(client, keys, session, company, tmp_path, "c-1", WORD)
    session.close()
    server.execute(text("ANALYZE"))
    _erase(client, keys)
    server.execute(text("ANALYZE"))
    assert server.scalar(SAMPLES, {"word": f"%{WORD}%"})
    leftovers.write_anew(server)
    assert not server.scalar(SAMPLES, {"word": f"%{WORD}%"})


def test_who_may_still_read_what_was_erased_is_waited_for(
    database_url: str,
    client: FlaskClient,
    company: Any,
    keys: Headers,
    answer: Callable[..., Any],
    trigger: Callable[..., Any],
    server: Connection,
) -> None:
    answer(trigger(customer="c-1")["invitation"]["token"], score=2, comment=f"The {WORD} was late")
    reader = create_engine(database_url, isolation_level="REPEATABLE READ")
    with reader.connect() as earlier:
        assert WORD in str(earlier.scalar(text("SELECT comment FROM response")))
        _erase(client, keys)
        with pytest.raises(errors.Conflict, match="still open"):
            leftovers.write_anew(server, longest_wait=0.2)
    reader.dispose()
    leftovers.write_anew(server)
    server.execute(text("CHECKPOINT"))
    assert _holding(_tables(server)) == []


def test_who_writes_in_another_database_is_waited_for(
    database_url: str,
    client: FlaskClient,
    company: Any,
    keys: Headers,
    answer: Callable[..., Any],
    trigger: Callable[..., Any],
    server: Connection,
) -> None:
    """Their number is the oldest that is open: a snapshot here begins at it, and keeps what was deleted since."""
    answer(trigger(customer="c-1")["invitation"]["token"], score=2, comment=f"The {WORD} was late")
    with own_postgresql.beside(database_url, "neighbour") as address:
        neighbour = create_engine(address)
        with neighbour.begin() as writing:
            writing.execute(text("CREATE TABLE written (by_whom text)"))
            pid = writing.scalar(text("SELECT pg_backend_pid()"))
            _erase(client, keys)
            with pytest.raises(errors.Conflict, match=rf"still open \(process {pid}\)"):
                leftovers.write_anew(server, longest_wait=0.2)
        neighbour.dispose()
    leftovers.write_anew(server)
    server.execute(text("CHECKPOINT"))
    assert _holding(_tables(server)) == []


def test_it_is_a_command(database_url: str, company: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", database_url)
    monkeypatch.setenv("AFTERWORD_SECRET_KEY", "s" * 40)
    done = CliRunner().invoke(main, ["db", "tidy"])
    assert done.exit_code == 0, done.output
    assert done.output.endswith("tables and their statistics are written anew.\n")


SAMPLES = text(
    "SELECT count(*) FROM pg_stats WHERE most_common_vals::text LIKE :word OR histogram_bounds::text LIKE :word"
)


def _erase(client: FlaskClient, keys: Headers) -> None:
    assert client.delete("/api/v1/customers/c-1", headers=keys["server"]).status_code == 200


def _tables(server: Connection) -> Path:
    number = server.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return _data(server) / "base" / str(number)


def _log(server: Connection) -> Path:
    return _data(server) / "pg_wal"


def _cut_log(server: Connection) -> Path:
    """As the how-to says; again, where a checkpoint has kept a file before it heard that it shall not."""
    server.execute(text("SELECT pg_switch_wal()"))
    server.execute(text("CHECKPOINT"))
    return _log(server)


def _data(server: Connection) -> Path:
    return Path(str(server.scalar(text("SELECT setting FROM pg_settings WHERE name = 'data_directory'"))))


def _holding(folder: Path) -> list[str]:
    """The files that hold the word; one that goes away meanwhile holds none."""
    found = []
    for file in folder.iterdir():
        try:
            if file.is_file() and WORD.encode() in file.read_bytes():
                found.append(file.name)
        except FileNotFoundError:
            continue
    return found
