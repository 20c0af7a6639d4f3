"""Undoing has a memory: a cancellation or an erasure holds against whatever happened before it, in any order of arrival."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import db
from collector.interactions.models import Tombstone

CUSTOMER, INVITATION, TRANSACTION = "customer", "invitation", "transaction"


def bury(session: Session, workspace_id: uuid.UUID, kind: str, names: Collection[str], at: datetime) -> None:
    """Remember that these were undone at a time; the latest time stands."""
    rows = [
        {"workspace_id": workspace_id, "kind": kind, "digest": digest, "at": at}
        for digest in sorted(_digest(workspace_id, kind, name) for name in set(names))
    ]
    if not rows:
        return
    statement = db.insert(session, Tombstone)
    statement = statement.on_conflict_do_update(
        index_elements=["workspace_id", "kind", "digest"],
        set_={"at": statement.excluded.at},
        where=Tombstone.at < statement.excluded.at,
    )
    session.connection().execute(statement, rows)


def buried_at(
    session: Session, workspace_id: uuid.UUID, kind: str, names: Collection[str]
) -> dict[str, datetime]:
    """name -> when it was undone, of those that were."""
    by_digest = {_digest(workspace_id, kind, name): name for name in names}
    if not by_digest:
        return {}
    query = select(Tombstone.digest, Tombstone.at).where(
        Tombstone.workspace_id == workspace_id, Tombstone.kind == kind, Tombstone.digest.in_(by_digest)
    )
    return {by_digest[digest]: at for digest, at in session.execute(query)}


def _digest(workspace_id: uuid.UUID, kind: str, name: str) -> str:
    return hashlib.sha256(f"{workspace_id}\0{kind}\0{name}".encode()).hexdigest()
