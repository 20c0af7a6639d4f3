"""What a fixture has put into a database, put again into the next one: rows cost a tenth of the calls that made them.

The calls are made once in a test process (for each database, and each moment that a test's clock shows). Identifiers
are made anew, in the same order, so that nothing that the process keeps by a workspace's id is met again; the
record's chain is made anew with them.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, bindparam, exists, insert, select, update
from sqlalchemy.orm import Session

from collector import clock, revisions
from collector.changes import chain
from collector.migrations.models import metadata

Row = dict[str, Any]
Ids = Mapping[uuid.UUID, uuid.UUID]
OWN = ("revision", "change_head")
"""Tables that each commit keeps by itself."""
UNCHAINED = {"number": None, "hash": None}
ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@dataclass
class Memory:
    """The rows that were made, and those that were there before and have changed since, table by table."""

    root: uuid.UUID
    made: dict[Table, list[Row]] = field(default_factory=dict)
    changed: dict[Table, list[Row]] = field(default_factory=dict)
    ids: list[uuid.UUID] = field(default_factory=list)
    """All that occur in the rows, in their order."""
    telling: dict[Table, set[str]] = field(default_factory=dict)
    """The columns in which one occurs."""


_memories: dict[object, Memory] = {}


def once(session: Session, root: uuid.UUID, key: object, make: Callable[[], object]) -> None:
    """Make it, or put again what was made under this key, and commit.

    ``root``: the id, of a row that is there already, to which all that is made belongs.
    """
    session.commit()
    key = session.get_bind().dialect.name, key
    if key in _memories:
        _put(session.connection(), _memories[key], root)
        revisions.bump(session, root)
        chain.expect(session, root)
    else:
        before = _rows(session.connection())
        make()
        session.commit()
        _memories[key] = _difference(root, before, _rows(session.connection()))
    session.commit()


def _rows(connection: Connection) -> dict[Table, dict[tuple[Any, ...], dict[str, Any]]]:
    kept = (table for table in metadata.sorted_tables if table.name not in OWN)
    held = (table for table in kept if connection.scalar(select(exists().select_from(table))))
    return {
        table: {
            tuple(row[column.name] for column in table.primary_key): dict(row)
            for row in connection.execute(select(table)).mappings()
        }
        for table in held
    }


def _difference(root: uuid.UUID, before: Mapping[Table, Any], after: Mapping[Table, Any]) -> Memory:
    memory = Memory(root)
    for table, rows in after.items():
        known = before.get(table, {})
        if made := [row for key, row in rows.items() if key not in known]:
            memory.made[table] = [row | UNCHAINED for row in made] if table.name == "change" else made
        if changed := [row for key, row in rows.items() if key in known and row != known[key]]:
            memory.changed[table] = changed
    _note_ids(memory)
    return memory


def _note_ids(memory: Memory) -> None:
    found: set[str] = set()
    for table, rows in (*memory.made.items(), *memory.changed.items()):
        for row in rows:
            for name, value in row.items():
                if ids := ID.findall(str(value)):
                    found.update(ids)
                    memory.telling.setdefault(table, set()).add(name)
    memory.ids = [uuid.UUID(text) for text in sorted(found)]


def _put(connection: Connection, memory: Memory, root: uuid.UUID) -> None:
    ids = {each: clock.new_id() for each in memory.ids} | {memory.root: root}
    for table, rows in memory.made.items():
        connection.execute(insert(table), _renewed(table, rows, memory, ids))
    for table, rows in memory.changed.items():
        keys = table.primary_key.columns
        renewed = _renewed(table, rows, memory, ids)
        named = [row | {f"its_{column.name}": row[column.name] for column in keys} for row in renewed]
        same = [column == bindparam(f"its_{column.name}") for column in keys]
        connection.execute(update(table).where(*same), named)


def _renewed(table: Table, rows: list[Row], memory: Memory, ids: Ids) -> list[Row]:
    names = memory.telling.get(table, set())
    return [row | {name: _exchanged(row[name], ids) for name in names} for row in rows]


def _exchanged(value: Any, ids: Ids) -> Any:
    """The value with each id in it, alone or within a text, exchanged for its new one."""
    if isinstance(value, uuid.UUID):
        return ids.get(value, value)
    if isinstance(value, str):
        return ID.sub(lambda match: str(_exchanged(uuid.UUID(match[0]), ids)), value)
    if isinstance(value, list):
        return [_exchanged(each, ids) for each in value]
    if isinstance(value, dict):
        return {name: _exchanged(each, ids) for name, each in value.items()}
    return value
