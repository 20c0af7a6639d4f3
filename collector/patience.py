"""How long anybody waits for PostgreSQL: every wait has an end, also for a server that was frozen in mid-answer.

The server's own limits (for a lock, for a statement) are set when a connection is made; a frozen server keeps none of
them, and its kernel still answers for it. So each wait for an answer ends here as well, after the ``patience`` of
whoever waits, and the connection is closed, because nobody knows what state it is in.

A commit may wait for a standby, which is what makes an answer outlive the primary. Where that wait is broken off, the
server warns, and says that all is well; the row is there, but here alone. So a warning at a commit is no commit, and
whoever thanks for something waits for the standby even where nothing was left to write, because it stood there already.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

REQUEST, LONG = 4.0, 60.0
patience: ContextVar[float] = ContextVar("patience", default=LONG)
"""Seconds to wait for one answer of the database: ``REQUEST`` in most requests, ``LONG`` in jobs, exports, imports."""

promises: ContextVar[bool] = ContextVar("promises", default=False)
"""Whether somebody is thanked for what is committed: so in every request that may write."""

CONNECT = 2  # seconds for each host of the address; what libpq takes as the least
LOCK = 3  # seconds to wait for a lock that another transaction holds
IDLE = 60  # seconds after which the server ends a transaction that nobody goes on with
BROKEN_OFF = ("01000", "57P01")
"""The states of the warnings by which PostgreSQL tells that it did not wait for a standby to the end."""
COMMIT_AND_WAIT = "SELECT pg_logical_emit_message(true, 'afterword', ''); COMMIT"
"""One round trip. Who has written nothing waits for no standby; a message in the log, which nobody reads, is a write."""


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
        is_unsure = False

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.add_notice_handler(self._hear)

        def _hear(self, said: psycopg.errors.Diagnostic) -> None:
            self.is_unsure |= said.severity_nonlocalized == "WARNING" and said.sqlstate in BROKEN_OFF

        def commit(self) -> None:
            self.is_unsure = False
            if promises.get() and self.pgconn.transaction_status == psycopg.pq.TransactionStatus.INTRANS:
                self.execute(COMMIT_AND_WAIT, prepare=False)
            else:
                super().commit()
            if self.is_unsure:
                self.pgconn.finish()
                raise psycopg.OperationalError("no standby is known to have what was committed")

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            try:
                return super().wait(gen, interval=interval, timeout=timeout or patience.get())
            except psycopg.errors._WaitTimeout:
                self.pgconn.finish()
                raise psycopg.OperationalError("the database server did not answer in time") from None

    return PatientConnection
