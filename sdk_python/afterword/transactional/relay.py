"""The relay: brings committed rows of `afterword_outbox` to the collector, as a thread or as a command."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from .. import arguments
from ..arguments import Seconds
from ..delivery.courier import Courier
from ..delivery.loop import Delivery
from ..delivery.transport import Transport
from ..errors import InvalidType
from ..outbox.rows import DeadLetter
from ..reports import OnError, Reporter
from ..settings import read_address, read_key
from ..stats import Stats
from ..version import __version__
from .source import Connect, TableSource
from .statements import TABLE, table_named

_CHECK_SECONDS = 0.05
_THIRTY_DAYS = 30 * 86_400
_TEN_YEARS = 3_653 * 86_400


class Relay:
    """Polls one database; any number of relays may poll the same one.

    Start it in each process after a fork, or run the command `afterword-relay` beside the application: then no
    web process needs to live until its rows are gone.
    """

    def __init__(
        self,
        database: Any,
        url: str | None = None,
        *,
        api_key: str | None = None,
        poll: float = 1.0,
        timeout: float = 10.0,
        table: str = TABLE,
        on_error: OnError | None = None,
    ) -> None:
        """Make a relay from a SQLAlchemy engine, or a function that opens a DB-API connection.

        `poll` is the seconds between two looks at an empty table, `table` its name, with a schema if it has one.
        """
        base, key = read_address("url", url, "AFTERWORD_URL"), read_key(api_key)
        self._reporter = Reporter(on_error)
        self._source = TableSource(_connect(database), table_named(table))
        connect = partial(
            Transport, base, key.text, timeout=timeout, user_agent=f"afterword-relay/{__version__}"
        )
        courier = partial(Courier, self._source, connect, self._reporter)
        self._delivery = Delivery(courier, self._reporter, linger=0.0, poll=poll, name="afterword-relay")
        self._make_courier = courier

    def start(self) -> None:
        """Start the daemon thread."""
        self._delivery.start()

    def drain(self, timeout: float = 10.0) -> bool:
        """Deliver in the calling thread until the table is empty; return whether that was reached in time."""
        courier, deadline = self._make_courier(), time.monotonic() + timeout
        try:
            while True:
                done = courier.round()
                self._reporter.publish()
                if not done.found and self._source.waiting()[0] == 0:
                    return True
                if time.monotonic() >= deadline:
                    return False
                if done.failed is not None or not done.found:
                    time.sleep(_CHECK_SECONDS)
        finally:
            courier.close()

    def stop(self, timeout: float = 5.0) -> None:
        """End the thread after the request that is under way."""
        self._delivery.stop(timeout)

    def create_table(self) -> None:
        """Create the table if it is not there."""
        self._source.create_table()

    def retry_dead_letters(self) -> int:
        """Put what the collector refused back into the queue and return how many rows that are."""
        return self._source.revive()

    def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """Return what the collector refused for good, newest first, each with its reason."""
        return self._source.dead_letters(limit)

    def purge_dead_letters(self, *, older_than: Seconds = _THIRTY_DAYS) -> int:
        """Delete dead letters that nobody has tried again for so long, and return how many."""
        age = arguments.seconds("older_than", older_than, most=_TEN_YEARS)
        return self._source.purge(time.time() - age)

    def stats(self) -> Stats:
        """Return what this relay has done, and how many rows wait in the table."""
        counters, (waiting, oldest) = self._source.counters, self._source.waiting()
        return Stats(
            accepted=0,
            adopted=0,
            delivered=counters.delivered,
            retried=counters.retried,
            dead=counters.dead,
            dropped={},
            queued=waiting,
            queued_in_memory=0,
            oldest_age=None if oldest is None else max(0.0, time.time() - oldest),
            states=self._reporter.states(),
            restarts=self._reporter.restarts,
        )


def _connect(database: Any) -> Connect:
    """Return a function that opens a DB-API connection."""
    if hasattr(database, "raw_connection"):
        return lambda: database.raw_connection()
    if callable(database):
        return lambda: database()
    raise InvalidType(
        "database must be a SQLAlchemy engine or a function that opens a connection", code="bad_database"
    )
