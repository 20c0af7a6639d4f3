"""How SQLite goes about what is run: one plan for each statement, in its own words."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session


def plans_of(session: Session, run: Callable[[], object]) -> list[str]:
    """``EXPLAIN QUERY PLAN`` of every statement that ``run`` sends over this session's connection."""
    seen: list[str] = []
    connection = session.connection()
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.set_trace_callback(seen.append)
    run()
    raw.set_trace_callback(None)
    return [
        " ".join(
            str(step) for step in connection.execute(text(f"EXPLAIN QUERY PLAN {each.replace(':', '')}"))
        )
        for each in seen
    ]
