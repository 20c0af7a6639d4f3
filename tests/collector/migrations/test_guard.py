"""Bringing the tables to this version: several at once, under traffic, and over tables of a newer one."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time

import own_postgresql
import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from collector import migrations, patience
from collector.cli import main
from collector.migrations import guard

SINCE = "0028"
"""The revision since which the tables say who works with them."""


def revision(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
    engine.dispose()
    return found


def run(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_three_processes_begin_at_once(empty_url: str) -> None:
    program = "import sys; from collector import migrations; migrations.upgrade(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-c", program, empty_url], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ends = [(process.wait(120), process.stderr.read() if process.stderr else "") for process in started]
    for process in started:
        if process.stderr:
            process.stderr.close()
    assert [code for code, _ in ends] == [0, 0, 0], ends
    assert revision(empty_url) == migrations.heads()[0]


def test_a_lock_of_somebody_else_is_waited_for_in_small_pieces(
    postgresql_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "LOCK", 1)
    tried: list[float] = []
    with own_postgresql.beside(postgresql_server, "busy") as url:
        migrations.upgrade(url, "0025")
        reading = create_engine(url)
        with reading.connect() as reader:
            reader.execute(text("LOCK TABLE workspace IN ACCESS SHARE MODE"))
            monkeypatch.setattr(guard, "LOOK_AGAIN", 0.1)
            over = threading.Timer(2.5, reader.rollback)
            over.start()
            begun = time.monotonic()
            migrations.upgrade(url, "0026")
            tried.append(time.monotonic() - begun)
            over.join()
        reading.dispose()
        assert revision(url) == "0026"
    assert tried[0] > 1  # one wait for a lock was given up, and begun again


def test_what_does_not_pass_is_not_tried_again() -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        raise OperationalError("s", {}, Exception("disk full"))

    with pytest.raises(OperationalError):
        guard.patiently(fail, lambda _: None)
    assert len(tries) == 1


def test_newer_tables_that_this_version_works_with_stay_as_they_are(empty_url: str) -> None:
    migrations.upgrade(empty_url)
    run(empty_url, "UPDATE alembic_version SET version_num = '9999'")
    assert migrations.upgrade(empty_url) is False
    assert revision(empty_url) == "9999"


def test_newer_tables_that_it_does_not_work_with_are_named_in_one_line(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrations.upgrade(empty_url)
    run(
        empty_url,
        "UPDATE alembic_version SET version_num = '9999'",
        "UPDATE compatible_since SET revision = '9998'",
    )
    with pytest.raises(migrations.NewerTables, match="newer Afterword"):
        migrations.upgrade(empty_url)
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", empty_url)
    monkeypatch.setenv("AFTERWORD_SECRET_KEY", "s" * 40)
    for command in (["serve", "--port", "0"], ["db", "upgrade"], ["work"]):
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 1
        assert re.fullmatch(r"Error: the tables are of a newer Afterword .*\n", done.output)


def test_a_revision_that_takes_something_away_says_so() -> None:
    taking = re.compile(
        r"op\.(drop_table|drop_column|rename_table|alter_column)\(|\.(drop_column|alter_column)\("
    )
    for path in sorted((migrations.FOLDER / "versions").glob("[0-9]*.py")):
        text = path.read_text("utf-8").partition("def upgrade")[2].partition("def downgrade")[0]
        if path.name[:4] > SINCE and taking.search(text):
            assert f'guard.contract("{path.name[:4]}")' in text.replace("'", '"'), path.name


def test_a_column_that_is_added_has_a_value_where_an_older_program_writes() -> None:
    """Its INSERT does not name the column: so that is empty, or the database fills it in."""
    for path in sorted((migrations.FOLDER / "versions").glob("[0-9]*.py")):
        text = path.read_text("utf-8").partition("def upgrade")[2].partition("def downgrade")[0]
        for added in re.findall(r"add_column\((.*?)\n? *\)\n", text, re.S):
            is_filled = "server_default" in added or "nullable=True" in added
            assert is_filled or path.name[:4] <= SINCE or "guard.contract(" in text, (path.name, added)
