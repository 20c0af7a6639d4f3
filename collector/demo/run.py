"""Starts everything of the demo, says where it is, and ends it cleanly."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, ModuleType
from typing import TextIO
from urllib.error import URLError
from urllib.request import urlopen

from werkzeug.serving import WSGIRequestHandler, make_server

from collector import clock, config, db, migrations
from collector.demo import insights, runs, seed
from collector.demo.folder import Folder, Notes
from collector.errors import BadInput
from collector.exchange import Progress

HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds for the collector to come up."""
ROWS = 160_000
"""About how many rows the sample has, for the bar."""


def run(port: int, shop_port: int, data: Path, reset: bool = False, out: TextIO | None = None) -> None:
    """Serve the demo until it is stopped (Ctrl-C, SIGTERM); its data is made once and used again."""
    out = out or sys.stdout
    for number, option in ((port, "--port"), (shop_port, "--shop-port")):
        _check_port(number, option)
    _shop_package()
    folder = Folder(data)
    notes = prepare(folder, clock.system_clock, reset, out)
    with _collector(folder, port) as collector, _shop(folder, notes, port, shop_port):
        _wait_until_ready(collector, port)
        out.write(_letter(port, shop_port, data, notes))
        out.flush()
        _until_stopped(collector)
        out.write("\nStopping.\n")


def prepare(folder: Folder, now: clock.Clock, reset: bool, out: TextIO, scale: float = 1.0) -> Notes:
    """The notes of a demo whose data stands: the one in the folder, or a new one, made now."""
    found = None if reset else folder.notes()
    if found is not None:
        migrations.upgrade(folder.database_url)
        return found
    folder.clear()
    out.write(
        f"Making {seed.NAME}, an invented company, with 90 days of generated answers in {folder.path}.\n"
    )
    out.flush()
    migrations.upgrade(folder.database_url)
    notes = _fill(folder, now, scale)
    folder.keep(notes)
    return notes


def _fill(folder: Folder, now: clock.Clock, scale: float) -> Notes:
    engine = db.make_engine(folder.database_url, 1)
    bar = Progress(sys.stderr, round(ROWS * scale))

    def tell(written: int) -> None:
        bar.at(written)
        bar.draw(f"{written:,} rows")

    with db.make_sessions(engine).begin() as session:
        moment = now()
        opened = seed.open_workspace(session, moment)
        answers = seed.fill(session, opened.workspace, moment, scale=scale, tell=tell)
        insights.add(session, opened.workspace, seed.EMAIL, moment)
        runs.add(session, opened.workspace, seed.EMAIL, moment)
    bar.draw(f"{answers:,} answers", last=True)
    engine.dispose()
    return Notes(opened.server_key, secrets.token_hex(32), moment.isoformat())


@contextmanager
def _collector(folder: Folder, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The collector as `afterword serve` starts it, in a process and a session of its own: Ctrl-C ends us first."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(config.PREFIX)}
    settings = {"DATABASE_URL": folder.database_url, "URL": f"http://{HOST}:{port}", "LOG_LEVEL": "warning"}
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from collector.cli import main; main()",
            "serve",
            "--host",
            HOST,
            "--port",
            str(port),
        ],
        env={**own, **{config.PREFIX + name: value for name, value in settings.items()}},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _shop(folder: Folder, notes: Notes, port: int, shop_port: int) -> Iterator[None]:
    """The shop in a thread of ours; its SDK client delivers what is left before it goes."""
    shop = _shop_package()
    facts = shop.Shop(
        folder.shop_database_url, f"http://{HOST}:{port}", notes.server_key, folder.outbox, notes.shop_secret
    )
    app = shop.create_shop(facts)
    server = make_server(HOST, shop_port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, name="demo-shop", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
        shop.close(app)


def _shop_package() -> ModuleType:
    try:
        from collector.demo import shop
    except ModuleNotFoundError as missing:
        if missing.name != "afterword":
            raise
        detail = "The demo shop needs the SDK: pip install afterword-sdk (in a checkout: ./sdk_python)."
        raise BadInput(detail, "no_sdk") from None
    return shop


class _Quiet(WSGIRequestHandler):
    """No line per request: the demo's terminal shows addresses."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


def _check_port(port: int, option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise BadInput(
                f"Port {port} cannot be used ({error.strerror}); choose another one with {option}."
            ) from None


def _wait_until_ready(collector: subprocess.Popen[bytes], port: int) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if collector.poll() is not None:
            raise BadInput("The collector ended while it started; its last words stand above.", "not_started")
        try:
            with urlopen(f"http://{HOST}:{port}/readyz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise BadInput(f"The collector did not come up within {PATIENCE:.0f} seconds.", "not_started")


def _until_stopped(collector: subprocess.Popen[bytes]) -> None:
    """Sleep until somebody stops us or the collector ends by itself."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), ask)
    while not stop.wait(0.5):
        if collector.poll() is not None:
            raise BadInput("The collector ended by itself; its last words stand above.", "stopped")


def _letter(port: int, shop_port: int, data: Path, notes: Notes) -> str:
    return f"""
  {seed.NAME} is open. All of its past answers are generated; the next one is yours.

    Shop         http://{HOST}:{shop_port}
                 choose a tariff, order it, answer the question

    Dashboard    http://{HOST}:{port}
    e-mail       {seed.EMAIL}
    password     {seed.PASSWORD}

    API          http://{HOST}:{port}/docs/api

  The data is of {notes.seeded:%-d %B %Y, %H:%M} UTC and stays in {data} (--reset makes it anew). Ctrl-C stops everything.

"""
