"""`manage.py afterword_relay`: brings committed rows to the collector until it is told to end."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from .....transactional.relay import Relay


class Command(BaseCommand):
    """Any number of these may run at once."""

    help = "Bring committed survey triggers to the Afterword collector."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("--database", default="default")
        parser.add_argument("--poll", type=float, default=1.0)
        parser.add_argument("--once", action="store_true", help="deliver what is there, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        configured = settings.AFTERWORD
        relay = Relay(
            lambda: _Connection(options["database"]),
            configured.get("url"),
            api_key=configured.get("api_key"),
            poll=options["poll"],
        )
        if options["once"]:
            relay.drain(60.0)
        else:
            _run(relay)
        stats = relay.stats()
        self.stdout.write(f"delivered {stats.delivered}, refused {stats.dead}, waiting {stats.queued}")


class _Connection:
    """Django's connection of this thread, speaking DB-API: it stays open between transactions."""

    def __init__(self, alias: str) -> None:
        self._inner = connections[alias]
        self.vendor = self._inner.vendor
        self._inner.close_if_unusable_or_obsolete()

    def cursor(self) -> Any:
        return self._inner.cursor()

    def commit(self) -> None:
        if not self._inner.get_autocommit():
            self._inner.commit()

    def close(self) -> None:
        if not self._inner.in_atomic_block:
            self._inner.close()


def _run(relay: Relay) -> None:
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    relay.start()
    ended.wait()
    relay.stop()
