"""A backup holds whatever was acknowledged before it, and comes back whole or not at all."""

from __future__ import annotations

import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import own_postgresql
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from collector import backups, clock, db, migrations
from collector.backups import CannotBackUp, folder

NOW = clock.FixedClock()()


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own tools, of the version that the suite's server has."""
    monkeypatch.setenv("PATH", str(own_postgresql.tools()), prepend=":")


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where nothing is yet, on the same kind of database."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/restored.db"
        return
    with own_postgresql.beside(request.getfixturevalue("postgresql_server"), "restored") as url:
        yield url


def ids(url: str) -> set[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            str(uuid.UUID(str(row[0])))
            for row in connection.execute(text("SELECT response_id FROM response"))
        }
    engine.dispose()
    return found


@pytest.fixture
def tokens(client: FlaskClient, company: Any, keys: dict[str, Any]) -> list[str]:
    """Links of a hundred customers who were asked."""
    place = {"touchpoint": "order-confirmed", "journey": "first-order"}
    triggers = [{**place, "customer": f"c-{n}", "transaction": f"t-{n}"} for n in range(100)]
    answer = client.post("/api/v1/triggers", json={"triggers": triggers}, headers=keys["server"])
    return [row["invitation"]["token"] for row in answer.json["decisions"] if row["invitation"]]


@contextmanager
def answering(app: Flask, tokens: list[str]) -> Iterator[list[str]]:
    """Customers who answer all the time; gives the ids of what was acknowledged so far."""
    acknowledged: list[str] = []
    waiting, is_over = iter(tokens), threading.Event()

    def answer() -> None:
        client = app.test_client()
        for token in waiting:
            if is_over.is_set():
                return
            given = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}}
            if client.post("/w/v1/responses", json=given).status_code == 201:
                acknowledged.append(given["response_id"])

    threads = [threading.Thread(target=answer) for _ in range(2)]
    for thread in threads:
        thread.start()
    yield acknowledged
    is_over.set()
    for thread in threads:
        thread.join()


def test_what_was_acknowledged_before_it_comes_back(
    app: Flask, database_url: str, empty_url: str, tmp_path: Path, tokens: list[str]
) -> None:
    with answering(app, tokens) as acknowledged:
        until = monotonic() + 30
        while len(acknowledged) < 10 and monotonic() < until:
            sleep(0.01)
        before = set(acknowledged)
        size = backups.back_up(database_url, tmp_path / "a.backup", NOW)
    restored = backups.restore(tmp_path / "a.backup", empty_url, NOW)
    assert size == (tmp_path / "a.backup").stat().st_size
    assert before <= ids(empty_url) <= set(acknowledged)
    assert (restored.workspaces, restored.answers) == (1, len(ids(empty_url)))
    assert restored.revision == migrations.heads()[0]


def test_it_is_its_owners_alone_and_overwrites_nothing(
    app: Flask, database_url: str, tmp_path: Path, company: Any
) -> None:
    path = tmp_path / "a.backup"
    backups.back_up(database_url, path, NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CannotBackUp, match="there already"):
        backups.back_up(database_url, path, NOW)
    assert [each.name for each in tmp_path.glob("*backup*")] == ["a.backup"]


def test_it_is_put_back_only_where_nothing_is(database_url: str, tmp_path: Path, company: Any) -> None:
    backups.back_up(database_url, tmp_path / "a.backup", NOW)
    with pytest.raises(CannotBackUp, match="there is a database already"):
        backups.restore(tmp_path / "a.backup", database_url, NOW)


def test_a_file_that_is_there_may_be_moved_aside(sqlite_url: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path}/b.db"
    migrations.upgrade(target)
    backups.back_up(sqlite_url, tmp_path / "a.backup", NOW)
    done = backups.restore(tmp_path / "a.backup", target, NOW, replace=True)
    assert done.aside
    assert done.aside.exists()
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o600


def test_an_older_backup_is_brought_to_this_versions_tables(
    empty_url: str, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if database_url.startswith("sqlite"):
        old = f"sqlite:///{tmp_path}/old.db"
        migrations.upgrade(old, "0016")
        backups.back_up(old, tmp_path / "a.backup", NOW)
    else:
        with own_postgresql.beside(request.getfixturevalue("postgresql_server"), "old") as old:
            migrations.upgrade(old, "0016")
            backups.back_up(old, tmp_path / "a.backup", NOW)
    assert backups.restore(tmp_path / "a.backup", empty_url, NOW).revision == "0016"
    engine = create_engine(empty_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == migrations.heads()[0]
    engine.dispose()


def test_a_newer_or_foreign_one_is_refused(database_url: str, empty_url: str, tmp_path: Path) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        backups.back_up(database_url, tmp_path / "a.backup", NOW)
    finally:
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :head"), {"head": migrations.heads()[0]}
            )
        engine.dispose()
    with pytest.raises(CannotBackUp, match="newer Afterword"):
        backups.restore(tmp_path / "a.backup", empty_url, NOW)
    other = (
        "postgresql+psycopg://localhost/x"
        if database_url.startswith("sqlite")
        else f"sqlite:///{tmp_path}/x.db"
    )
    with pytest.raises(CannotBackUp, match="is a backup of"):
        backups.restore(tmp_path / "a.backup", other, NOW)


def test_what_is_no_backup_or_damaged_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    backups.back_up(sqlite_url, tmp_path / "a.backup", NOW)
    whole = (tmp_path / "a.backup").read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    for name in ("text", "half", "nowhere"):
        with pytest.raises(CannotBackUp):
            backups.restore(tmp_path / name, f"sqlite:///{tmp_path}/new.db", NOW)
        assert not (tmp_path / "new.db").exists()


def test_a_full_disk_leaves_no_half_file(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.backups.make.os.fsync", _full)
    with pytest.raises(CannotBackUp, match="No space left"):
        backups.back_up(sqlite_url, tmp_path / "a.backup", NOW)
    assert not list(tmp_path.glob("*backup*"))


def _full(_handle: int) -> None:
    raise OSError(28, "No space left on device")


def test_without_its_tools_postgresql_names_the_package(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(CannotBackUp, match="postgresql-client"):
        backups.back_up(postgresql_url, tmp_path / "a.backup", NOW)


def test_a_folder_keeps_the_newest(tmp_path: Path) -> None:
    for day in range(4):
        backups.made_in(tmp_path, NOW + timedelta(days=day)).touch()
    (tmp_path / "mine.backup").touch()
    gone = folder.drop_old(tmp_path, 2)
    assert len(gone) == 2
    assert backups.made_in(tmp_path, NOW) in gone
    assert (tmp_path / "mine.backup").exists()


def test_its_age_is_told(database_url: str, tmp_path: Path, company: Any) -> None:
    from collector import jobs

    backups.back_up(database_url, tmp_path / "a.backup", NOW)
    engine = db.make_engine(database_url, 1)
    with db.make_sessions(engine)() as session:
        (state,) = jobs.states(session, NOW + timedelta(days=4))
    engine.dispose()
    assert (state.name, state.is_late) == ("backup", True)
