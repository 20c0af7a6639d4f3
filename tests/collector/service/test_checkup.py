"""What `afterword doctor` finds: it writes nothing, connects to everything, and ends with a code."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from served import free_port
from sqlalchemy import create_engine, text

from collector import clock, engines, migrations
from collector.cli import main
from collector.config import load
from collector.service import checkup

Doctor = Callable[..., Result]


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Doctor:
    """``doctor(DATABASE_URL="...")`` in an empty folder."""

    def look(**settings: str) -> Result:
        for name in [name for name in os.environ if name.startswith("AFTERWORD_")]:
            monkeypatch.delenv(name)
        for name, value in settings.items():
            monkeypatch.setenv(f"AFTERWORD_{name}", value)
        monkeypatch.chdir(tmp_path)
        return CliRunner().invoke(main, ["doctor"], catch_exceptions=False)

    return look


def test_an_empty_folder_stays_empty(doctor: Doctor, tmp_path: Path) -> None:
    done = doctor()
    assert done.exit_code == 1
    assert "!!  no database yet at afterword.db: run `afterword init`" in done.output
    assert list(tmp_path.iterdir()) == []


def test_all_well_is_0(doctor: Doctor, database_url: str) -> None:
    done = doctor(DATABASE_URL=database_url, SECRET_KEY="s" * 40)
    assert done.exit_code == 0, done.output
    assert f"ok  tables at revision {migrations.heads()[0]}" in done.output
    assert "--  no backup was made" in done.output


def test_an_old_library_is_named_with_the_command_that_brings_a_newer(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = SimpleNamespace(sqlite_version="3.46.1", sqlite_version_info=(3, 46, 1))
    monkeypatch.setattr(engines, "sqlite_module", lambda: old)
    assert not engines.sqlite_is_safe()
    lines = [str(each) for each in checkup._embedded(load({"AFTERWORD_DATABASE_URL": sqlite_url}))]
    assert any("SQLite 3.46.1: has the WAL-reset bug; pip install pysqlite3" in line for line in lines)


def test_a_database_that_does_not_answer_is_a_fault(doctor: Doctor) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    done = doctor(DATABASE_URL=url, SECRET_KEY="s" * 40)
    assert done.exit_code == 1
    assert "!!  the database cannot be used" in done.output


def test_a_mail_server_that_does_not_answer_is_a_fault(doctor: Doctor, sqlite_url: str) -> None:
    done = doctor(DATABASE_URL=sqlite_url, SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    assert done.exit_code == 1
    assert "!!  mail: the mail server cannot be reached" in done.output


@pytest.mark.parametrize(
    ("revision", "said"), [("0016", "run `afterword db upgrade`"), ("9999", "of a newer Afterword")]
)
def test_tables_of_another_version_are_a_fault(
    doctor: Doctor, database_url: str, revision: str, said: str
) -> None:
    engine = create_engine(database_url)
    put = text("UPDATE alembic_version SET version_num = :at")
    with engine.begin() as connection:
        connection.execute(put, {"at": revision})
    try:
        done = doctor(DATABASE_URL=database_url, SECRET_KEY="s" * 40)
    finally:  # the PostgreSQL database goes on to the next test
        with engine.begin() as connection:
            connection.execute(put, {"at": migrations.heads()[0]})
        engine.dispose()
    assert done.exit_code == 1
    assert said in done.output


def test_what_others_can_read_and_a_full_disk_are_told(
    doctor: Doctor, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chmod(sqlite_url.removeprefix("sqlite:///"), 0o644)
    full = SimpleNamespace(total=100, used=99, free=1)
    monkeypatch.setattr("collector.service.checkup.shutil.disk_usage", lambda _: full)
    done = doctor(DATABASE_URL=sqlite_url)
    assert "chmod 600" in done.output
    assert "!!  0 MiB free" in done.output


def test_clocks_that_are_apart_are_a_fault(
    doctor: Doctor, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = clock.system_clock() + timedelta(minutes=10)
    monkeypatch.setattr("collector.service.checkup.clock.system_clock", lambda: wrong)
    done = doctor(DATABASE_URL=postgresql_url, SECRET_KEY="s" * 40)
    assert "!!  its clock and this machine's are 600 s apart" in done.output
