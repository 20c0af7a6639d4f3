"""What a database does for each statement that is sent: its own plan, and whether it reads a whole large table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

LARGE = (
    "trigger",
    "decision",
    "invitation",
    "response",
    "interaction",
    "journey_instance",
    "subject",
    "outcome",
    "group_member",
    "group_tally",
)
_TABLE = "|".join(LARGE)
WHOLE = (
    re.compile(rf"SCAN ({_TABLE})\b(?!.*ix_\w+_(waiting|uncounted))"),
    re.compile(rf"SEARCH ({_TABLE})\b[^)]*\(workspace_id=\?\)"),
    re.compile(rf'Seq Scan on "?({_TABLE})\b'),
    re.compile(
        rf" on (?:(?:ix|pk|uq)_)?({_TABLE}).*\n\s+Index Cond: \(workspace_id = [^()]*\)$", re.MULTILINE
    ),
)
"""A whole table, or the whole of one workspace's part of it, by SQLite's words and by PostgreSQL's."""


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that the block sends, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        sent.append((statement, parameters[0] if many and isinstance(parameters, list) else parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def read_whole(engine: Engine, sent: list[tuple[str, Any]], more: tuple[str, ...] = ()) -> list[str]:
    """Those plans that read a whole large table, or go by one of ``more`` indexes."""
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    found = []
    with engine.connect() as connection:
        for statement, parameters in sent:
            if not re.match(r"\s*(SELECT|UPDATE|INSERT|DELETE|WITH)", statement):
                continue
            rows = connection.exec_driver_sql(explain + statement, parameters).all()
            plan = "\n".join(str(row[-1]) for row in rows)
            if any(whole.search(plan) for whole in WHOLE) or any(name in plan for name in more):
                found.append(f"{statement}\n{plan}")
        connection.rollback()
    return found
