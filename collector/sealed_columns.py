"""The columns that hold something sealed, and how they are sealed anew when the secret is rotated: one way for all of them.

A table with such a column names in ``key_name`` by which key (see ``sealing``); none means that an older version sealed it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from collector import sealing

log = structlog.get_logger("collector.sealing")
BATCH = 200
LOST = "lost"
"""The key name of what no known secret opens."""


@dataclass(frozen=True)
class Sealed:
    """A sealed column: its table, its name, what for, and to what of its row it is bound."""

    table: type[Any]
    column: str
    purpose: str
    bound: Callable[[Any], bytes]


def seal_anew(session: Session, now: datetime, columns: Sequence[Sealed], secret_keys: Sequence[str]) -> int:
    """Seal by the newest secret one batch of what an older one sealed; how many. Then the old one may be left out."""
    return sum(
        _batch(session, each, workspace_id, secret_keys)
        for each in columns
        for workspace_id in _workspaces(session, each)
    )


def are_under_older(
    session: Session, now: datetime, columns: Sequence[Sealed], secret_keys: Sequence[str]
) -> bool:
    """Whether a secret that is about to be left out still seals anything, where there is such a secret."""
    if len(secret_keys) < 2:
        return False
    return any(
        session.execute(
            _under_older(each, workspace_id, _seal(each, workspace_id, secret_keys)).limit(1)
        ).first()
        for each in columns
        for workspace_id in _workspaces(session, each)
    )


def _batch(session: Session, each: Sealed, workspace_id: uuid.UUID, secret_keys: Sequence[str]) -> int:
    seal = _seal(each, workspace_id, secret_keys)
    query = _under_older(each, workspace_id, seal).limit(BATCH).with_for_update(skip_locked=True)
    done = 0
    for row in session.scalars(query).all():
        try:
            plain = seal.opened(getattr(row, each.column), each.bound(row))
        except sealing.CannotUnseal:
            log.warning("sealed_unreadable", table=each.table.__tablename__)
            row.key_name = LOST
            continue
        setattr(row, each.column, seal.closed(plain, each.bound(row)))
        row.key_name = seal.key_name
        done += 1
    session.flush()
    return done


def _workspaces(session: Session, each: Sealed) -> Sequence[uuid.UUID]:
    holding = getattr(each.table, each.column).is_not(None)
    return session.scalars(select(each.table.workspace_id).where(holding).distinct()).all()


def _seal(each: Sealed, workspace_id: uuid.UUID, secret_keys: Sequence[str]) -> sealing.Seal:
    return sealing.seal(secret_keys, each.purpose, workspace_id)


def _under_older(each: Sealed, workspace_id: uuid.UUID, seal: sealing.Seal) -> Select[Any]:
    older = [sealing.Seal((key,)).key_name for key in seal.keys[1:]]
    name = each.table.key_name
    return select(each.table).where(
        each.table.workspace_id == workspace_id,
        getattr(each.table, each.column).is_not(None),
        or_(name.in_(older), name.is_(None)),
    )
