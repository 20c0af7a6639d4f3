"""What the command line tells of an import that stops on the way: what stays, and what to do."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from collector import db, errors
from collector.exchange import console
from collector.exchange.memory import MemoryReport

STAYS = "1,200 rows were read before that and stay; mend the file and import it again."


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("rows", "dry_run", "told"),
    [(1200, False, STAYS), (0, False, "Nothing was imported."), (1200, True, "Nothing was imported.")],
)
def test_who_imports_hears_what_stays(engine: Engine, rows: int, dry_run: bool, told: str) -> None:
    def batches(*_: Any) -> Iterator[MemoryReport]:
        yield MemoryReport(rows)
        raise errors.BadInput("The rest of the file cannot be read.")

    out, err = io.StringIO(), io.StringIO()
    source = console.Source([], batches)
    code = console.Import(dry_run, out=out, err=err).run(db.make_sessions(engine), source)
    assert (code, out.getvalue()) == (console.STOPPED, "")
    assert err.getvalue() == f"The rest of the file cannot be read.\n{told}\n"
