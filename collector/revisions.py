"""What seldom changes, remembered: keys, policies, surveys and journeys are read once per process, not once per request.

Each workspace has one row with a number, which every change of a *definition* (a table marked ``is_definition``)
raises in its own transaction. A process looks at the number at most every 250 ms; where it has moved, all that was
remembered of the workspace is read anew. So a revoked key or a closed survey is seen by every process within that
time, and by the process that changed it at once.

Only values are remembered, and they are read as columns: a row that a session holds already may be older than the number.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import ForeignKeyConstraint, event, select
from sqlalchemy.orm import Mapped, Session

from collector import db

Value = TypeVar("Value")
LOOKED_AT = 0.25
MOST_VALUES, MOST_WORKSPACES = 10_000, 1_000
CHANGED, RAISED, MEMORY = "changed_definitions", "raised_numbers", "remembered_definitions"
FOR_GOOD = uuid.UUID(int=0)  # no workspace has this id


class Revision(db.InWorkspace):
    """The number of a workspace's definitions; it rises with each change of one."""

    __tablename__ = "revision"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    number: Mapped[int]


@dataclass
class _Remembered:
    """What one process knows of one workspace, as of a number; ``looked_at`` is when that was last compared."""

    number: int
    looked_at: float
    values: dict[Hashable, Any] = field(default_factory=dict)


_memories: WeakKeyDictionary[Any, dict[uuid.UUID, _Remembered]] = WeakKeyDictionary()
_lock = threading.Lock()


def remember(session: Session, workspace_id: uuid.UUID, name: Hashable, load: Callable[[], Value]) -> Value:
    """The value of this name in this workspace: the remembered one, else what ``load`` reads (and then that)."""
    if workspace_id in session.info.get(CHANGED, ()):
        return load()  # this very transaction has changed something that nobody else may see yet
    known = _current(session, workspace_id)
    if name not in known.values:
        if len(known.values) >= MOST_VALUES:
            known.values.clear()
        known.values[name] = load()
    return cast(Value, known.values[name])


def remember_for_good(session: Session, name: Hashable, load: Callable[[], Value | None]) -> Value | None:
    """A value that never changes once it is there, such as whose a key is."""
    known = _memory_of(session).setdefault(FOR_GOOD, _Remembered(0, 0.0)).values
    if name not in known:
        value = load()
        if value is None:
            return None
        if len(known) >= MOST_VALUES:
            known.clear()
        known[name] = value
    return cast(Value, known[name])


def bump(session: Session, workspace_id: uuid.UUID) -> None:
    """Say that a definition has changed, where the session cannot see it by itself (a statement without rows)."""
    session.info.setdefault(CHANGED, set()).add(workspace_id)


def _current(session: Session, workspace_id: uuid.UUID) -> _Remembered:
    """What is remembered of a workspace, compared with its number where that was long ago."""
    memory = _memory_of(session)
    known, now = memory.get(workspace_id), time.monotonic()
    if known is not None and now - known.looked_at < LOOKED_AT:
        return known
    query = select(Revision.number).where(Revision.workspace_id == workspace_id)
    number = session.connection().execute(query).scalar() or 0
    if known is not None and known.number == number:
        known.looked_at = now
        return known
    if known is not None and known.number > number:
        return _Remembered(number, now)  # this transaction sees an older state than others have read already
    if len(memory) >= MOST_WORKSPACES:
        memory.clear()
    memory[workspace_id] = made = _Remembered(number, now)
    return made


def _memory_of(session: Session) -> dict[uuid.UUID, _Remembered]:
    """What is remembered of a session's database; found once per session, which is asked many times in a request."""
    known: dict[uuid.UUID, _Remembered] | None = session.info.get(MEMORY)
    if known is None:
        pool = session.get_bind().engine.pool  # one for readers and writers of a database
        with _lock:
            known = session.info[MEMORY] = _memories.setdefault(pool, {})
    return known


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, _context: object) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if getattr(row, "is_definition", False) and (row in session.deleted or session.is_modified(row)):
            bump(session, row.workspace_id)


@event.listens_for(Session, "before_commit")
def _raise_numbers(session: Session) -> None:
    """As the last statements of the transaction, in one order: who waits here holds up nobody else."""
    session.flush()
    for workspace_id in sorted(session.info.get(CHANGED, ())):
        statement = db.insert(session, Revision).values(workspace_id=workspace_id, number=1)
        raised = statement.on_conflict_do_update(
            index_elements=["workspace_id"], set_={"number": Revision.number + 1}
        )
        number = session.connection().execute(raised.returning(Revision.number)).scalar_one()
        session.info.setdefault(RAISED, {})[workspace_id] = number


@event.listens_for(Session, "after_commit")
def _forget(session: Session) -> None:
    session.info.pop(CHANGED, None)
    for workspace_id, number in session.info.pop(RAISED, {}).items():
        _memory_of(session)[workspace_id] = _Remembered(number, 0.0)


@event.listens_for(Session, "after_rollback")
def _nothing_changed(session: Session) -> None:
    session.info.pop(CHANGED, None)
    session.info.pop(RAISED, None)
