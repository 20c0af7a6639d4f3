"""Adds a parcel to the transaction that the caller has open."""

from __future__ import annotations

import time
from typing import Any

from ..composer import Parcel
from ..errors import InvalidType
from .statements import dialect_of


def add(session: Any, parcel: Parcel) -> None:
    """Write one row through a SQLAlchemy session or connection, Django's `connection`, or a DB-API connection.

    What the database says is raised: this is the caller's transaction, and the caller must know.
    """
    if hasattr(session, "cursor"):
        _add_by_cursor(session, parcel)
    elif hasattr(session, "execute"):
        from .sqlalchemy import insert_statement

        session.execute(insert_statement(parcel))
    else:
        raise InvalidType(
            "session must be a SQLAlchemy session, Django's connection or a DB-API connection",
            code="bad_session",
        )


def _add_by_cursor(connection: Any, parcel: Parcel) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute(dialect_of(connection).insert(), (*parcel, time.time()))
    finally:
        cursor.close()
