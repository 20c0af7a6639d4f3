"""How a database is opened: which of its connections somebody gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from collector import db


def test_sqlite_lends_the_connection_that_was_used_last(tmp_path: Path) -> None:
    """It has the file's pages at hand: another would read anew what was written meanwhile."""
    with db.opened(f"sqlite:///{tmp_path / 'a.db'}", 3) as engine:
        lent: list[Any] = [engine.raw_connection() for _ in range(3)]
        own = [each.dbapi_connection for each in lent]
        for each in lent:
            each.close()
        for _ in range(3):
            again: Any = engine.raw_connection()
            assert again.dbapi_connection is own[-1]
            again.close()
