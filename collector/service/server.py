"""The HTTP server: gunicorn watches the processes, waitress reads in them; the embedded default brings its worker with it."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication

from collector import addresses, db, logs, migrations
from collector.config import Config, SettingError
from collector.service import prometheus, worker
from collector.service.app import create_app

YOUNG = 10_000
"""Objects that live before the newest are searched for circles: more than a call of a hundred triggers has at work at once."""


def free(host: str, port: int) -> tuple[str, int]:
    """The host, and the port or a free one for 0; raises ``SettingError`` where it is in use or not ours to take."""
    bare = host.strip("[]")
    try:
        family, kind, _, _, address = socket.getaddrinfo(bare or None, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            return host, int(tried.getsockname()[1])
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingError(
            f"cannot listen at {addresses.bound(host, port)}: {reason}; choose another with --host or --port"
        ) from None


def serve(
    config: Config,
    host: str,
    port: int,
    embedded: bool = True,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until stopped (SIGTERM and SIGINT end running requests first); ``ready`` is called once it listens.

    Raises ``SettingError`` for what cannot work.
    """
    if config.is_sqlite and config.processes > 1:
        raise SettingError("AFTERWORD_PROCESSES must be 1 with SQLite; use PostgreSQL for more")
    logs.configure(config.log_level)
    if not migrations.upgrade(config.database_url):
        structlog.get_logger("collector.service").warning("tables_of_a_newer_version")
    with prometheus.shared_counts(config.processes):
        Server(config, addresses.bound(host, port), embedded, ready).run()


class Server(BaseApplication):  # type: ignore[misc] # gunicorn carries no types
    """gunicorn, configured in code: one place, no file."""

    def __init__(
        self, config: Config, bind: str, embedded: bool, ready: Callable[[], None] = lambda: None
    ) -> None:
        self.config = config
        self.bind = bind
        self.embedded = embedded
        self.ready = ready
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": self.bind,
            "worker_class": "collector.service.process.Process",
            "workers": self.config.processes,
            "threads": self.config.threads,
            "graceful_timeout": 20,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": self._after_start,
            "when_ready": lambda _arbiter: self.ready(),
        }
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app, made in the worker process: no connection is carried over a fork."""
        return create_app(self.config)

    def _after_start(self, process: Any) -> None:
        app: Flask = process.wsgi
        process.at_once = self.config.at_once
        gc.collect()
        gc.freeze()  # what is there now stays: no request waits while it is searched for circles
        gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
        if self.embedded:
            worker.start(app.extensions["afterword_sessions"], jobs=worker.jobs_of(self.config))


def work(config: Config) -> None:
    """Run the background jobs alone, for collectors that are many (``serve --no-worker``)."""
    logs.configure(config.log_level)
    engine = db.make_engine(config.database_url, 2)
    worker.run(db.make_sessions(engine), jobs=worker.jobs_of(config))
