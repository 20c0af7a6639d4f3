"""Adds a parcel to the transaction that the caller has open."""

from __future__ import annotations

import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

from ..composer import Parcel
from ..errors import InvalidType
from .statements import Dialect, dialect_of

_AWAITED = {"psycopg": Dialect("%s", True), "aiosqlite": Dialect("?", False)}
"""The drivers whose own awaitable connections are understood."""


def add(session: Any, parcel: Parcel) -> None:
    """Write one row through a SQLAlchemy session or connection, Django's `connection`, or a DB-API connection.

    What the database says is raised: this is the caller's transaction, and the caller must know.
    """
    if is_awaitable(session):
        raise InvalidType(
            f"session is awaitable ({_name(session)}): use afterword.AsyncClient", code="bad_session"
        )
    if hasattr(session, "cursor"):
        _add_by_cursor(session, parcel)
    elif hasattr(session, "execute"):
        from .sqlalchemy import add_to

        add_to(session, parcel)
    else:
        raise InvalidType(
            "session must be a SQLAlchemy session, Django's connection or a DB-API connection",
            code="bad_session",
        )


async def add_awaited(session: Any, add_now: Callable[[Any], None], parcel: Parcel) -> None:
    """Write one row through whatever a coroutine has: SQLAlchemy's asyncio, an awaitable driver, or a plain one."""
    if hasattr(session, "run_sync"):
        await session.run_sync(add_now)
    elif is_awaitable(session):
        await _execute(session, parcel)
    else:
        add_now(session)


def is_awaitable(session: Any) -> bool:
    """Return whether statements of a session must be awaited: called like a plain one, it would do nothing at all."""
    execute = getattr(session, "execute", None)
    return hasattr(session, "run_sync") or inspect.iscoroutinefunction(
        inspect.unwrap(execute) if execute else None
    )


def _execute(session: Any, parcel: Parcel) -> Awaitable[Any]:
    for base in type(session).__mro__:
        dialect = _AWAITED.get(base.__module__.partition(".")[0])
        if dialect is not None:
            found: Awaitable[Any] = session.execute(dialect.insert(), (*parcel, time.time()))
            return found
    raise InvalidType(
        f"session is of a driver that is not understood ({_name(session)}): SQLAlchemy's AsyncSession and"
        f" AsyncConnection are, and awaitable connections of {' and '.join(_AWAITED)}",
        code="bad_session",
    )


def _name(session: Any) -> str:
    kind = type(session)
    return f"{kind.__module__}.{kind.__qualname__}"


def _add_by_cursor(connection: Any, parcel: Parcel) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute(dialect_of(connection).insert(), (*parcel, time.time()))
    finally:
        cursor.close()
