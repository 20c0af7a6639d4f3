"""Many rows inserted at once: on PostgreSQL as one value, a JSON text that the server takes apart into typed columns.

A statement with a place for each value of each row is as long as its batch, and to write it and have the driver read it
costs more than all that is decided about the batch. SQLite is called in this process, so there each row is sent by itself.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Table, Text, bindparam, column, func, select
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session

from collector import db, prepared

Given = Mapping[str, Any]
Finish = Callable[[Any, Table], Any]
"""Adds to an INSERT what becomes of a row whose key is taken, and what is given back; a function that is made once."""


def insert(session: Session, table: Table, rows: Sequence[Given], finish: Finish) -> list[Any]:
    """Insert rows, each with the same columns; what the statement gives back. No key may stand among them twice."""
    dialect = session.get_bind().dialect.name
    is_one_value = dialect == "postgresql" and len(rows) > 1
    if is_one_value and (wrong := [name for row in rows for name in row.keys() ^ rows[0].keys()]):
        raise prepared.WrongNames(f"not in every row of {table.name}: {', '.join(sorted(set(wrong)))}")
    statement = _statement(table, tuple(rows[0]), dialect, is_one_value, finish)
    return prepared.send(session, statement, [{"rows": _as_text(rows)}] if is_one_value else rows)


def insert_new(session: Session, table: Table, rows: Sequence[Given]) -> Sequence[Given]:
    """Insert rows, each with the same columns and unless one of its keys is taken; those that are new."""
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql" and len(rows) > 1:
        found = prepared.send(session, _telling_taken(table, tuple(rows[0])), [{"rows": _as_text(rows)}])
        keys, taken = [column.key for column in table.primary_key.columns], {tuple(row) for row in found}
        return [row for row in rows if tuple(row[key] for key in keys) not in taken] if taken else rows
    statement = _statement(table, tuple(rows[0]), dialect, False, _quietly_unless_taken)
    written = prepared.counts(session, statement, rows)  # to be told a row costs as much as to write it
    return [row for row, count in zip(rows, written, strict=True) if count]


def _quietly_unless_taken(made: Any, _table: Table) -> Any:
    return made.on_conflict_do_nothing()


@lru_cache(maxsize=256)
def _statement(table: Table, names: tuple[str, ...], dialect: str, is_one_value: bool, finish: Finish) -> Any:
    made = db.insert_of(dialect, table)
    return finish(made.from_select(list(names), _given(table, names)) if is_one_value else made, table)


@lru_cache(maxsize=256)
def _telling_taken(table: Table, names: tuple[str, ...]) -> Any:
    """Inserts the rows of the one value and gives the keys that were taken: most often none, where new ones were a hundred."""
    keys = [column.key for column in table.primary_key.columns]
    given = _given(table, names).cte("given")
    made = db.insert_of("postgresql", table).from_select(list(names), select(given)).on_conflict_do_nothing()
    new = made.returning(*table.primary_key.columns).cte("made")
    return select(*(given.c[key] for key in keys)).except_(select(*(new.c[key] for key in keys)))


def _given(table: Table, names: Sequence[str]) -> Any:
    """The rows of the one value, in their order."""
    typed: list[Any] = [column(name, table.c[name].type) for name in names]
    text = cast_to(bindparam("rows", type_=Text), JSON)
    rows = func.json_to_recordset(text).table_valued(*typed, name="given").render_derived(with_types=True)
    return select(*rows.c)


def _plain(value: Any) -> str:
    """What JSON has no word for, as PostgreSQL reads it."""
    if isinstance(value, uuid.UUID):
        return value.hex
    return _time(value)


@lru_cache(maxsize=256)
def _time(value: date) -> str:
    """Remembered, because most times of a batch are the one at which it came."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return value.isoformat()


_as_text = json.JSONEncoder(default=_plain, separators=(",", ":"), check_circular=False).encode
