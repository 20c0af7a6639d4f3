"""How long anybody waits for PostgreSQL: every wait has an end, also for a server that was frozen in mid-answer.

The server's own limits (for a lock, for a statement) are set when a connection is made; a frozen server keeps none of
them, and its kernel still answers for it. So each wait for an answer ends here as well, after the ``patience`` of
whoever waits, and the connection is closed, because nobody knows what state it is in.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

REQUEST, LONG = 4.0, 60.0
patience: ContextVar[float] = ContextVar("patience", default=LONG)
"""Seconds to wait for one answer of the database: ``REQUEST`` in most requests, ``LONG`` in jobs, exports, imports."""

CONNECT = 2  # seconds for each host of the address; what libpq takes as the least
LOCK = 3  # seconds to wait for a lock that another transaction holds
IDLE = 60  # seconds after which the server ends a transaction that nobody goes on with


def connect_arguments() -> dict[str, Any]:
    """What every connection is made with."""
    limits = f"-c lock_timeout={LOCK}s -c statement_timeout={LONG:.0f}s"
    return {
        "connect_timeout": CONNECT,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "options": f"{limits} -c idle_in_transaction_session_timeout={IDLE}s",
    }


def connection_class() -> Any:
    """psycopg's connection, with an end to each of its waits; made when first needed, as psycopg is an extra."""
    import psycopg

    class PatientConnection(psycopg.Connection[Any]):
        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            try:
                return super().wait(gen, interval=interval, timeout=timeout or patience.get())
            except psycopg.errors._WaitTimeout:
                self.pgconn.finish()
                raise psycopg.OperationalError("the database server did not answer in time") from None

    return PatientConnection
