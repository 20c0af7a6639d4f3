"""Rows found, made and changed by their keys: statements of the hot path, built once and sent without the ORM.

What comes back is the row as it stands, to read: it has the attributes of its model, and no session follows it. No scope
narrows it either: this is for deciding and for who holds a token, never for what people are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from sqlalchemy import Select, Table, Update, Uuid, bindparam, select, update
from sqlalchemy.orm import Session

from collector import bulk, lists, prepared
from collector.db import Base

Model = TypeVar("Model", bound=Base)


def find(session: Session, model: type[Model], keys: dict[str, Any], lock: bool = False) -> Model | None:
    """The row with these keys; ``lock`` takes its lock where the database has them."""
    session.flush()
    is_locked = lock and session.get_bind().dialect.name == "postgresql"
    statement = _select(cast("Table", model.__table__), tuple(keys), is_locked)
    return cast("Model | None", next(iter(prepared.send(session, statement, [keys])), None))


def find_free(
    session: Session, model: type[Base], keys: Mapping[str, Any], name: str, values: Sequence[Any], columns: tuple[str, ...]
) -> list[Any]:  # fmt: skip
    """Some columns of the rows with these keys whose column ``name`` has one of the values, locked; never waiting.

    A row that somebody else has locked is left out.
    """
    table, dialect = cast("Table", model.__table__), session.get_bind().dialect.name
    statement = _select_free(table, tuple(keys), name, columns, dialect)
    return prepared.send(session, statement, [{**keys, "wanted": values}])


def insert_new(session: Session, row: Base) -> bool:
    """Insert a row unless one of its keys is taken; True where it is new.

    On PostgreSQL this waits for a concurrent insert of the same key to end, so that two never both win.
    """
    return bool(insert_new_rows(session, [row]))


def unwatched(model: type[Model], **values: Any) -> Model:
    """A row to insert and to read: the attributes of its model, without the ORM's watch over each of them.

    That watch costs a batch of triggers a fifth of its time, for rows that no session ever knows.
    """
    return cast("Model", _unwatched(cast("Table", model.__table__))(**values))


@lru_cache(maxsize=64)
def _unwatched(table: Table) -> type[SimpleNamespace]:
    empty = {column.key: None for column in table.columns}
    return type(table.name, (SimpleNamespace,), {**empty, "__table__": table})


def insert_new_rows(session: Session, rows: Sequence[Model]) -> list[Model]:
    """Insert rows of one table in one statement, each unless one of its keys is taken; those that are new, in their order."""
    if not rows:
        return []
    table = cast("Table", rows[0].__table__)
    new = _insert(session, table, [row.__dict__ for row in rows])
    if len(new) == len(rows):
        return list(rows)
    keys = set(_keys(table, new))
    return [
        row
        for row, key in zip(rows, _keys(table, [row.__dict__ for row in rows]), strict=True)
        if key in keys
    ]


def insert_new_values(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]
) -> set[tuple[Any, ...]]:
    """The same for rows that are no objects, of which those that are new are told by their keys."""
    table = cast("Table", model.__table__)
    return set(_keys(table, _insert(session, table, rows))) if rows else set()


def _insert(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Insert rows by their values, the table's defaults where they have none, unless their keys are taken; those that are new.

    In the order of their keys, so that two batches never wait for one another in a ring.
    """
    values = [_values(table, row) for row in rows]
    if len(values) > 1:
        keys = [(column.key, isinstance(column.type, Uuid)) for column in table.primary_key.columns]
        values.sort(key=lambda row: [row[key].int if is_id else str(row[key]) for key, is_id in keys])
    session.flush()  # what they refer to may have been made a moment ago
    return bulk.insert_new(session, table, values)


def _keys(table: Table, rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple([row[column.key] for column in table.primary_key.columns]) for row in rows]


def _values(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values by column, the tables' defaults where it has none."""
    nothing = _nothing(table)
    values = {**nothing, **row}
    if len(values) > len(nothing):  # an object of the ORM has more to it than its columns
        if "_sa_instance_state" not in row:
            unknown = sorted(set(row).difference(nothing))
            raise prepared.WrongNames(f"not known in {table.name}: {', '.join(unknown)}")
        values = {name: values[name] for name in nothing}
    for name, default in _defaults(table):
        if values[name] is None:
            values[name] = default.arg(None) if default.is_callable else default.arg
    return values


@lru_cache(maxsize=256)
def _nothing(table: Table) -> Mapping[str, None]:
    return {column.key: None for column in table.columns}


@lru_cache(maxsize=256)
def _defaults(table: Table) -> tuple[tuple[str, Any], ...]:
    return tuple((column.key, column.default) for column in table.columns if column.default is not None)


def change(session: Session, model: type[Base], keys: dict[str, Any], **values: Any) -> None:
    """Give the row with these keys other values."""
    change_all(session, model, [(keys, values)])


def change_all(session: Session, model: type[Base], changes: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> None:  # fmt: skip
    """Give several rows other values, as (keys, values), in one statement; the names are the same for all of them."""
    if not changes:
        return
    keys, values = changes[0]
    statement = _update(cast("Table", model.__table__), tuple(keys), tuple(values))
    of = [{f"of_{name}": value for name, value in keys.items()} | values for keys, values in changes]
    prepared.send(session, statement, of)


def change_these(
    session: Session, model: type[Base], keys: Mapping[str, Any], name: str, wanted: Sequence[Any], **values: Any
) -> None:  # fmt: skip
    """Give the rows with these keys whose column ``name`` has one of the wanted values others, in one statement."""
    statement = _update_these(cast("Table", model.__table__), tuple(keys), name, tuple(values))
    of = {f"of_{key}": value for key, value in keys.items()}
    prepared.send(session, statement, [{**of, "wanted": wanted, **values}])


@lru_cache(maxsize=256)
def _select(table: Table, keys: tuple[str, ...], is_locked: bool) -> Select[Any]:
    query = select(table).where(*(table.c[key] == bindparam(key) for key in keys))
    return query.with_for_update() if is_locked else query


@lru_cache(maxsize=256)
def _select_free(
    table: Table, keys: tuple[str, ...], name: str, columns: tuple[str, ...], dialect: str
) -> Select[Any]:
    known = [table.c[key] == bindparam(key) for key in keys]
    wanted = lists.any_of(table.c[name], "wanted")
    query = select(*(table.c[column] for column in columns)).where(*known, wanted)
    if dialect != "postgresql":
        return query
    return query.order_by(table.c[name]).with_for_update(skip_locked=True)


@lru_cache(maxsize=256)
def _update(table: Table, keys: tuple[str, ...], values: tuple[str, ...]) -> Update:
    statement = update(table).where(*(table.c[key] == bindparam(f"of_{key}") for key in keys))
    return statement.values({name: bindparam(name) for name in values})


@lru_cache(maxsize=256)
def _update_these(table: Table, keys: tuple[str, ...], name: str, values: tuple[str, ...]) -> Update:
    return _update(table, keys, values).where(lists.any_of(table.c[name], "wanted"))
