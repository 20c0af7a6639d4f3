"""The record, a page at a time, filtered by what it is about, who did it and when."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector.changes.models import Change

PAGE = 50
LARGEST_PAGE = 500


@dataclass(frozen=True)
class Wanted:
    """What a reader of the record asks for; None is anything."""

    noun: str | None = None
    key: str | None = None
    actor: str | None = None
    verb: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    nouns: frozenset[str] | None = None


def changes(
    session: Session,
    workspace_id: uuid.UUID,
    wanted: Wanted | None = None,
    *,
    noun: str | None = None,
    key: str | None = None,
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> list[Change]:
    """Who changed what, newest first; ``before`` is the last change of the page before."""
    query = _query(workspace_id, wanted or Wanted(noun, key))
    if before is not None:
        query = query.where(Change.change_id < before)
    return list(session.scalars(query.order_by(Change.change_id.desc()).limit(min(limit, LARGEST_PAGE))))


def every(session: Session, workspace_id: uuid.UUID, wanted: Wanted) -> Iterator[Change]:
    """The whole record, the oldest first, a batch in memory at a time."""
    query = _query(workspace_id, wanted).order_by(Change.change_id)
    yield from session.scalars(query.execution_options(yield_per=LARGEST_PAGE))


def _query(workspace_id: uuid.UUID, wanted: Wanted) -> Select[Any]:
    query = select(Change).where(Change.workspace_id == workspace_id)
    for column, value in (
        (Change.noun, wanted.noun),
        (Change.key, wanted.key),
        (Change.actor, wanted.actor),
        (Change.verb, wanted.verb),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.nouns is not None:
        query = query.where(Change.noun.in_(sorted(wanted.nouns)))
    if wanted.since is not None:
        query = query.where(Change.at >= wanted.since)
    return query if wanted.until is None else query.where(Change.at < wanted.until)
