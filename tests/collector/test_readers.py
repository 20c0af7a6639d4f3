"""Sessions that only look: what they begin, and how many connections they hold."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from collector import db, statements
from collector.readers import Reader
from collector.workspaces.models import Workspace

NOBODY = {"workspace_id": uuid.UUID(int=1)}


@pytest.fixture
def begun(engine: Engine) -> list[Any]:
    """The connections on which a transaction was begun."""
    found: list[Any] = []
    event.listen(engine, "begin", found.append)
    return found


@pytest.fixture
def reader(engine: Engine) -> Reader:
    return db.make_readers(db.make_sessions(engine))()


def held(engine: Engine) -> int:
    pool: Any = engine.pool
    return int(pool.checkedout())


def test_who_looks_a_row_up_begins_nothing_and_gives_the_connection_back(
    engine: Engine, reader: Reader, begun: list[Any]
) -> None:
    before = held(engine)
    with reader:
        for _ in range(2):
            assert statements.find(reader, Workspace, NOBODY) is None
        assert held(engine) == before + 1
    assert held(engine) == before
    assert not begun


def test_a_look_sees_what_was_committed_since_the_last(
    session: Session, workspace: Any, reader: Reader
) -> None:
    names = []
    with reader:
        for name in ("Before", "After"):
            workspace.name = name
            session.commit()
            found = statements.find(reader, Workspace, {"workspace_id": workspace.workspace_id})
            names.append(found and found.name)
    assert names == ["Before", "After"]


def test_what_the_orm_reads_it_reads_in_a_transaction_and_looks_are_sent_there_too(
    engine: Engine, reader: Reader, begun: list[Any]
) -> None:
    before = held(engine)
    with reader:
        statements.find(reader, Workspace, NOBODY)
        reader.scalars(select(Workspace)).all()
        statements.find(reader, Workspace, NOBODY)
        assert held(engine) == before + 1
    assert held(engine) == before
    assert len(begun) == 1


def test_a_look_that_fails_gives_its_connection_back(
    engine: Engine, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(engine)
    with pytest.raises(Exception, match=r"no such|not exist"), reader:  # each driver has its own words
        statements.prepared.send(reader, select(db.literal_column("a").label("a")), [{}])
    assert held(engine) == before
