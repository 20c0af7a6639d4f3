"""Whether a connection to PostgreSQL still stands is asked before it is used, but only where there is reason to ask.

A ping is a round trip, a fifth of what a short request costs. One that was used a moment ago is taken as it is, unless
its server has said something since: one that stops, or that ends a connection, says so, and closes.
"""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

AT_ONCE = 1.0
"""Seconds for which a connection that was given back is taken to stand."""
GIVEN_BACK = "given_back"


def watch(engine: Engine) -> None:
    """Ping an engine's connections when they are taken out, where they have lain idle or were spoken to."""

    def note(_connection: Any, record: Any) -> None:
        record.info[GIVEN_BACK] = time.monotonic()

    def look(connection: Any, record: Any, _given: object) -> None:
        given_back = record.info.get(GIVEN_BACK)
        if given_back is None:  # it was made just now
            return
        is_idle = time.monotonic() - given_back >= AT_ONCE
        if (is_idle or _was_spoken_to(connection)) and not _stands(engine, connection):
            raise InvalidatePoolError()  # so the others are not trusted either; the pool makes this one anew

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", look)


def _was_spoken_to(connection: Any) -> bool:
    """Whether something came in that nobody has read yet: a farewell, or the end."""
    if connection.closed:
        return True
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    return bool(line.poll(0))


def _stands(engine: Engine, connection: Any) -> bool:
    dialect: Any = engine.dialect
    try:
        return bool(dialect.do_ping(connection))
    except dialect.loaded_dbapi.Error as error:
        if dialect.is_disconnect(error, connection, None):
            return False
        raise
