"""Rows found, made and changed by their keys: statements of the hot path, built once and sent without the ORM.

What comes back is the row as it stands, to read: it has the attributes of its model, and no session follows it. No scope
narrows it either: this is for deciding and for who holds a token, never for what people are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import Select, Table, Update, bindparam, select, update
from sqlalchemy.orm import Session

from collector import db
from collector.db import Base

Model = TypeVar("Model", bound=Base)


def find(session: Session, model: type[Model], keys: dict[str, Any], lock: bool = False) -> Model | None:
    """The row with these keys; ``lock`` takes its lock where the database has them."""
    session.flush()
    is_locked = lock and session.get_bind().dialect.name == "postgresql"
    statement = _select(cast("Table", model.__table__), tuple(keys), is_locked)
    return cast("Model | None", session.connection().execute(statement, keys).first())


def insert_new(session: Session, row: Base) -> bool:
    """Insert a row unless one of its keys is taken; True where it is new.

    On PostgreSQL this waits for a concurrent insert of the same key to end, so that two never both win.
    """
    return bool(insert_new_rows(session, [row]))


def insert_new_rows(session: Session, rows: Sequence[Base]) -> set[tuple[Any, ...]]:
    """Insert rows of one table in one statement, each unless one of its keys is taken; the keys of those that are new.

    In the order of their keys, so that two batches never wait for one another in a ring.
    """
    if not rows:
        return set()
    table = cast("Table", rows[0].__table__)
    keys = [column.key for column in table.primary_key.columns]
    values = [_values(table, row) for row in rows]
    values.sort(key=lambda row: tuple(map(str, (row[key] for key in keys))))
    session.flush()  # what they refer to may have been made a moment ago
    statement = _insert_new(table, session.get_bind().dialect.name)
    return {tuple(row) for row in session.connection().execute(statement, values)}


@lru_cache(maxsize=256)
def _insert_new(table: Table, dialect: str) -> Any:
    """The statement itself, built once: to build it costs as much as to send it."""
    return db.insert_of(dialect, table).on_conflict_do_nothing().returning(*table.primary_key.columns)


def _values(table: Table, row: Base) -> dict[str, Any]:
    """A row's values by column, the tables' defaults where it has none."""
    values: dict[str, Any] = {}
    for column in table.columns:
        value, default = row.__dict__.get(column.key), cast(Any, column.default)
        if value is None and default is not None:
            value = default.arg(None) if default.is_callable else default.arg
        values[column.key] = value
    return values


def change(session: Session, model: type[Base], keys: dict[str, Any], **values: Any) -> None:
    """Give the row with these keys other values."""
    statement = _update(cast("Table", model.__table__), tuple(keys), tuple(values))
    named = {f"of_{name}": value for name, value in keys.items()}
    session.connection().execute(statement, {**named, **values})


@lru_cache(maxsize=256)
def _select(table: Table, keys: tuple[str, ...], is_locked: bool) -> Select[Any]:
    query = select(table).where(*(table.c[key] == bindparam(key) for key in keys))
    return query.with_for_update() if is_locked else query


@lru_cache(maxsize=256)
def _update(table: Table, keys: tuple[str, ...], values: tuple[str, ...]) -> Update:
    statement = update(table).where(*(table.c[key] == bindparam(f"of_{key}") for key in keys))
    return statement.values({name: bindparam(name) for name in values})
