"""The record holds together: each row carries a hash over itself and the row before, so that a gap shows.

Rows are chained as the last thing before their transaction is committed, under a lock on the chain's head: two sessions
at once neither fork the chain nor wait long, and no other lock is ever asked for behind this one.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarResult, event, select
from sqlalchemy.orm import Session

from collector import clock, db, revisions, statements  # noqa: F401 # raises its number before the chain's head is held: one order
from collector.changes.models import Change, ChangeHead

PENDING = "afterword_changed_workspaces"
START = ""
BATCH = 1000


@dataclass(frozen=True)
class Verdict:
    """What a look along the chain found: how many rows hold together, and the first place where they do not."""

    rows: int
    fault: str | None = None

    @property
    def holds(self) -> bool:
        return self.fault is None


def digest(before: str, row: Change) -> str:
    """The hash of a row that follows the one whose hash is ``before``."""
    said = [
        row.workspace_id.hex, row.number, row.change_id.hex, clock.iso(row.at, "microseconds"), row.actor, row.noun,
        row.key, row.verb, _plain(row.before), _plain(row.after),
    ]  # fmt: skip
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def expect(session: Session, workspace_id: uuid.UUID) -> None:
    """A row of this workspace waits to be chained when the transaction is committed."""
    session.info.setdefault(PENDING, set()).add(workspace_id)


def verify(session: Session, workspace_id: uuid.UUID) -> Verdict:
    """Walk along a workspace's chain from where it is kept; says where it breaks."""
    head = session.get(ChangeHead, (workspace_id,))
    if head is None:
        loose = session.scalars(select(Change).where(Change.workspace_id == workspace_id).limit(1)).first()
        return Verdict(0, f"row {loose.number} has no head" if loose and loose.number else None)
    number, before = head.kept_from - 1, head.kept_hash
    with closing(_rows(session, workspace_id)) as rows:
        for row in rows:
            if row.number != number + 1:
                return Verdict(number, f"row {number + 1} is missing")
            if row.hash != digest(before, row):
                return Verdict(number, f"row {row.number} was altered")
            number, before = number + 1, row.hash
    if (number, before) != (head.number, head.hash):
        return Verdict(number, f"row {number + 1} is missing")
    return Verdict(number - head.kept_from + 1)


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    if session.in_nested_transaction():
        return
    pending: set[uuid.UUID] = session.info.pop(PENDING, set())
    for workspace_id in sorted(pending):
        session.flush()
        _append(session, workspace_id)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(PENDING, None)


def _append(session: Session, workspace_id: uuid.UUID) -> None:
    """Number and hash the rows that wait: this transaction's, and those from before there was a chain."""
    head = _head(session, workspace_id)
    waiting = select(Change).where(Change.workspace_id == workspace_id, Change.number.is_(None))
    for row in session.scalars(waiting.order_by(Change.change_id)):
        row.number = head.number = head.number + 1
        row.hash = head.hash = digest(head.hash, row)
    session.flush()


def _head(session: Session, workspace_id: uuid.UUID) -> ChangeHead:
    """The chain's head, held until the end of the transaction."""
    statements.insert_new(
        session, ChangeHead(workspace_id=workspace_id, number=0, hash=START, kept_from=1, kept_hash=START)
    )
    query = select(ChangeHead).where(ChangeHead.workspace_id == workspace_id)
    return session.scalars(db.lock(session, query).execution_options(populate_existing=True)).one()


def _rows(session: Session, workspace_id: uuid.UUID) -> ScalarResult[Change]:
    query = select(Change).where(Change.workspace_id == workspace_id, Change.number.is_not(None))
    return session.scalars(query.order_by(Change.number).execution_options(yield_per=BATCH))


def _plain(said: Any) -> Any:
    """The same as both databases give it back: a whole number is one, however it was written."""
    if isinstance(said, dict):
        return {key: _plain(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_plain(value) for value in said]
    return int(said) if isinstance(said, float) and said.is_integer() else said
