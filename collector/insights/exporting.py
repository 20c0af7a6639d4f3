"""Insights and their actions as the lines of a file; the answers that insights cite stay out of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import clock
from collector.insights import doing, reading
from collector.insights.models import Insight

OWN = ("insight_id", "kind", "touchpoint", "before", "journey", "title", "text", "state", "reason", "priority", "created_by",
       "created_at", "changed_at", "done_at")  # fmt: skip
FIGURES = ("metric", "shrunken", "low", "high", "reach")
COLUMNS = (*OWN, "owners", *FIGURES)
OF_ACTIONS = ("action_id", "insight_id", "title", "owner", "person", "due", "remind", "state", "result", "created_by",
              "created_at", "changed_at", "done_at")  # fmt: skip


def rows(session: Session, workspace_id: uuid.UUID) -> Iterator[tuple[Any, ...]]:
    """Each insight in the order of ``COLUMNS``, a page in memory at a time."""
    last: uuid.UUID | None = None
    while page := reading.listed(session, workspace_id, reading.Wanted(), last, reading.LARGEST_PAGE):
        owners = reading.owners_of(session, page)
        yield from (_row(row, owners[row.insight_id]) for row in page)
        last = page[-1].insight_id


def actions(session: Session, workspace_id: uuid.UUID) -> Iterator[tuple[Any, ...]]:
    """Each action in the order of ``OF_ACTIONS``, those of the weightiest insight first, of each the first due first."""
    last: uuid.UUID | None = None
    while page := reading.listed(session, workspace_id, reading.Wanted(), last, reading.LARGEST_PAGE):
        found = doing.of_all(session, page)
        for insight in page:
            for row in found[insight.insight_id]:
                yield tuple(_plain(getattr(row, name)) for name in OF_ACTIONS)
        last = page[-1].insight_id


def _row(row: Insight, owners: list[str]) -> tuple[Any, ...]:
    evidence = row.evidence or {}
    own = (_plain(getattr(row, name)) for name in OWN)
    return (*own, " ".join(owners), *(evidence.get(name) for name in FIGURES))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.iso(value)
    return str(value) if isinstance(value, uuid.UUID | date) else value
