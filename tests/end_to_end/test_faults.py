"""What a machine does to a collector while customers answer: what was thanked for is there once, and counted once.

Each fault lasts a few seconds here, and as long as it may in life with ``make soak``.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import own_postgresql
import pytest
import served
from ledger import Ledger
from postgresql_nodes import alone, until
from sqlalchemy import text

from collector import db, migrations

SOAK = "SOAK_KILLS" in os.environ
pytestmark = pytest.mark.timeout(3600 if SOAK else 300)
ENOUGH = 20
PAUSE = 0.1
"""Seconds between two customers of a sender: what a fault does to them is the same, and others need the machine too."""
LOCKED = 60.0 if SOAK else 7.0
"""Seconds for which another process holds a lock: longer than any request waits."""
ROOM = 64 * 1024 * 1024
"""Bytes of the small file system: what a collector wants to be ready, and more."""


def sent_to(collector: served.Collector) -> Ledger:
    port = int(collector.url.rpartition(":")[2])
    return Ledger(port, collector.keys["server_key"], pause=0 if SOAK else PAUSE)


def child(collector: served.Collector) -> int:
    """The process that answers; its parent only watches it."""
    parent = collector.process.pid
    return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[served.Collector, bool], None]]:
    """Fills the disk of a folder and makes room again: a small file system, or a limit where none may be mounted."""
    filler = folder / "filler"
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "none", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:

        def limit(collector: served.Collector, is_full: bool) -> None:
            _, hard = resource.prlimit(child(collector), resource.RLIMIT_FSIZE)
            size = sum(each.stat().st_size for each in folder.glob("*-wal"))
            resource.prlimit(
                child(collector), resource.RLIMIT_FSIZE, (size if is_full else resource.RLIM_INFINITY, hard)
            )

        yield limit
        return

    def fill(_collector: served.Collector, is_full: bool) -> None:
        if not is_full:
            filler.unlink()
            return
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"\0" * 4096)

    try:
        yield fill
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_takes_nothing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder) as fill, served.serve(f"sqlite:///{folder}/a.db", tmp_path) as collector:
        ledger = sent_to(collector)
        ledger.more(ENOUGH)
        fill(collector, True)
        refused = ledger.statuses[503]
        until(lambda: ledger.statuses[503] >= refused + ENOUGH, "refusals")
        thanked = len(ledger.answered)
        until(lambda: ledger.statuses[503] >= refused + 2 * ENOUGH, "more refusals")
        assert len(ledger.answered) <= thanked + 1  # one may have been on its way back
        fill(collector, False)
        ledger.more(ENOUGH)
        ledger.stop()
        assert set(ledger.statuses) == {200, 201, 503}
        ledger.check(f"sqlite:///{folder}/a.db")


def hold_until_told(url: str) -> subprocess.Popen[str]:
    """Another process that holds the lock which an answer needs."""
    statement = "SELECT 1" if url.startswith("sqlite") else "LOCK TABLE response IN ACCESS EXCLUSIVE MODE"
    program = (
        "import sys; from sqlalchemy import text; from collector import db\n"
        "with db.opened(sys.argv[1]) as engine, engine.begin() as connection:\n"
        "    connection.execute(text(sys.argv[2])); print('held', flush=True); sys.stdin.read()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, url, statement],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_lock_held_long_by_another_process_is_outlived(database_url: str, tmp_path: Path) -> None:
    with served.serve(database_url, tmp_path) as collector:
        ledger = sent_to(collector)
        ledger.more(ENOUGH)
        holder = hold_until_told(database_url)
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        thanked, until_when = len(ledger.answered), time.monotonic() + LOCKED
        until(lambda: time.monotonic() >= until_when, "the lock's end", 2 * LOCKED)
        assert len(ledger.answered) <= thanked + ledger.senders
        assert collector.get("/livez")[0] == 200
        holder.communicate("", timeout=60)
        ledger.more(ENOUGH, 120)
        ledger.stop()
        assert set(ledger.statuses) - {200, 201, 503} == set()
        ledger.check(database_url)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_postgresql_is_restarted(mode: str, tmp_path: Path) -> None:
    with alone() as node, served.serve(node.url(), tmp_path) as collector:
        ledger = sent_to(collector)
        for _ in range(20 if SOAK else 2):
            ledger.more(ENOUGH)
            node.restart(mode)
        ledger.more(ENOUGH)
        ledger.stop()
        assert set(ledger.statuses) - {200, 201, 503} == set()
        ledger.check(node.url().replace("postgresql:", "postgresql+psycopg:"))


def test_a_worker_killed_in_the_middle_of_a_batch_counts_nothing_twice(
    postgresql_server: str, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(own_postgresql.beside(postgresql_server, "worker"))
        environment, keys = served.prepare(url, tmp_path)
        collector = served.start(environment, keys, served.free_port(), options=("--no-worker",))
        stack.callback(served.stop, collector)
        ledger = sent_to(collector)
        ledger.more(ENOUGH)
        engine = stack.enter_context(db.opened(url, 2))
        for _ in range(20 if SOAK else 2):
            with engine.begin() as holding:  # it has taken its answers, and waits for where it counts them
                holding.execute(text("LOCK TABLE rollup IN SHARE MODE"))
                worker = subprocess.Popen([served.AFTERWORD, "work"], env=environment)
                stack.callback(worker.kill)
                with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
                    until(lambda: looking.scalar(WAITS), "the worker in its batch")
                worker.kill()
                worker.wait(60)
            ledger.more(ENOUGH)
        worker = subprocess.Popen([served.AFTERWORD, "work"], env=environment)
        try:
            ledger.stop()
            ledger.check(url)
        finally:
            worker.terminate()
            worker.wait(60)


WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'rollup'::regclass")

SHIFTED = """#!{python}
import datetime, pathlib, sys
from collector import clock

class Shifted(datetime.datetime):
    @classmethod
    def now(cls, zone=None):
        return super().now(zone) + datetime.timedelta(seconds=int(pathlib.Path({file!r}).read_text()))

clock.datetime = Shifted
from collector.cli import main
main()
"""


def test_a_clock_that_is_set_back_an_hour_and_on_again(database_url: str, tmp_path: Path) -> None:
    shift, program = tmp_path / "shift", tmp_path / "afterword-by-its-own-clock"
    shift.write_text("0")
    program.write_text(SHIFTED.format(python=sys.executable, file=str(shift)))
    program.chmod(0o755)
    environment, keys = served.prepare(database_url, tmp_path)
    collector = served.start(environment, keys, served.free_port(), str(program))
    try:
        ledger = sent_to(collector)
        for seconds in (0, -3600, 0):
            there = tmp_path / "next"
            there.write_text(str(seconds))
            there.rename(shift)  # never half written
            ledger.more(ENOUGH)
        there.write_text("-3600")
        there.rename(shift)
        ledger.more(ENOUGH)
        ledger.stop()
        assert set(ledger.statuses) == {200, 201}
        ledger.check(database_url)
    finally:
        served.stop(collector)


NEXT = '''"""what the next version adds"""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{name}", "{after}", None, None


def upgrade():
    for table in ("trigger", "invitation", "response", "rollup"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("added_{name}", sa.Integer(), nullable=False, server_default="7"))
    op.create_index("ix_response_added_{name}", "response", ["workspace_id", "added_{name}"])
'''


def next_version(folder: Path, name: str, after: str) -> str:
    """Where a program lies that is this one with one revision of the tables more."""
    copy = shutil.copytree(
        migrations.FOLDER.parent,
        folder / name / "collector",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    if older := sorted(folder.glob("9*/collector/migrations/versions/9*.py")):
        for each in older:
            with suppress(shutil.SameFileError):
                shutil.copy(each, copy / "migrations" / "versions")
    (copy / "migrations" / "versions" / f"{name}.py").write_text(NEXT.format(name=name, after=after))
    return str(folder / name)


def test_a_new_version_takes_over_in_the_middle_of_traffic(empty_url: str, tmp_path: Path) -> None:
    """The next one adds columns and an index as it starts, beside the older one, which goes on until it is told to go."""
    environment, keys = served.prepare(empty_url, tmp_path)
    running = served.start(environment, keys, served.free_port())
    ledger = sent_to(running)
    after = migrations.heads()[0]
    try:
        for name in (f"900{number}" for number in range(1, 9 if SOAK else 2)):
            ledger.more(ENOUGH)
            program = {**environment, "PYTHONPATH": next_version(tmp_path, name, after)}
            newer = served.start(program, keys, served.free_port())
            ledger.more(ENOUGH)  # by the older one, over tables that it does not know whole
            assert running.get("/readyz")[0] == 200
            ledger.port = int(newer.url.rpartition(":")[2])
            older, running, after = running, newer, name
            os.kill(older.process.pid, signal.SIGTERM)
            assert older.process.wait(60) == 0
        ledger.more(ENOUGH)
        ledger.stop()
        assert set(ledger.statuses) - {200, 201, 503} == set()
        ledger.check(empty_url)
        with db.opened(empty_url, 1) as engine, engine.begin() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == after
            assert connection.scalar(text(f"SELECT min(added_{after}) FROM response")) == 7
    finally:
        served.stop(running)
