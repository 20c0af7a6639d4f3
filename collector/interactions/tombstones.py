"""Undoing has a memory: a cancellation or an erasure holds against whatever happened before it, in any order of arrival."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from collector import db, lists, prepared
from collector.interactions.models import Tombstone

CUSTOMER, INVITATION, TRANSACTION = "customer", "invitation", "transaction"
ERASURE = "erasure"
_TABLE = Tombstone.__table__
UNDONE = select(_TABLE.c.digest, _TABLE.c.at).where(
    _TABLE.c.workspace_id == bindparam("workspace_id"),
    lists.any_of(_TABLE.c.kind, "kinds"),
    lists.any_of(_TABLE.c.digest, "digests"),
)


def bury(session: Session, workspace_id: uuid.UUID, kind: str, names: Collection[str], at: datetime) -> None:
    """Remember that these were undone at a time; the latest time stands."""
    rows = [
        {"workspace_id": workspace_id, "kind": kind, "digest": digest, "at": at}
        for digest in sorted(_digest(str(workspace_id), kind, name) for name in set(names))
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
    return {name: at for (_, name), at in undone(session, workspace_id, [(kind, n) for n in names]).items()}


def erased_since(
    session: Session, workspace_id: uuid.UUID, acts: Iterable[tuple[str | None, datetime]]
) -> set[tuple[str | None, datetime]]:
    """Those acts, (whose, when), after which their customer was erased: whoever stores what somebody did asks this first.

    An erasure under way is waited for, and none begins until the transaction ends.
    """
    named = {act for act in acts if act[0] is not None}
    if not named:
        return set()
    hold_off(session, workspace_id)
    buried = buried_at(session, workspace_id, CUSTOMER, {str(whose) for whose, _ in named})
    return {(whose, when) for whose, when in named if whose in buried and when <= buried[whose]}


def hold_off(session: Session, workspace_id: uuid.UUID) -> None:
    """Wait for an erasure under way, and keep others waiting until the transaction ends."""
    db.hold(session, ERASURE, workspace_id, shared=True)


def hold(session: Session, workspace_id: uuid.UUID) -> None:
    """Erase alone: wait for who stores what customers did, and for other erasures, until the transaction ends."""
    db.hold(session, ERASURE, workspace_id)


def undone(
    session: Session, workspace_id: uuid.UUID, things: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], datetime]:
    """(kind, name) -> when it was undone, of those that were; things of several kinds in one look."""
    place = str(workspace_id)
    by_digest = {_digest(place, kind, name): (kind, name) for kind, name in things}
    if not by_digest:
        return {}
    session.flush()
    given = {
        "workspace_id": workspace_id,
        "kinds": sorted({kind for kind, _ in by_digest.values()}),
        "digests": sorted(by_digest),
    }
    return {by_digest[digest]: at for digest, at in prepared.send(session, UNDONE, [given])}


def _digest(place: str, kind: str, name: str) -> str:
    return hashlib.sha256(f"{place}\0{kind}\0{name}".encode()).hexdigest()
