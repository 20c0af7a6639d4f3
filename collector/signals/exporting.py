"""Signals as the lines of a file, the newest first."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import clock
from collector.signals import reading
from collector.signals.models import Signal
from collector.signals.wording import Sentences

OWN = ("signal_id", "rule", "touchpoint", "before", "journey", "metric", "series_id", "since", "raised_at", "state", "known_by",
       "known_at", "ended", "ended_at", "insight_id")  # fmt: skip
FIGURES = ("n_before", "share_before", "n_after", "share_after")
COLUMNS = (*OWN, "per_year", *FIGURES, "text")


def rows(session: Session, workspace_id: uuid.UUID, say: Sentences) -> Iterator[tuple[Any, ...]]:
    """Each signal in the order of ``COLUMNS``, a page in memory at a time."""
    last: uuid.UUID | None = None
    while page := reading.listed(session, workspace_id, reading.Wanted(), last, reading.LARGEST_PAGE):
        yield from (_row(row, say) for row in page)
        last = page[-1].signal_id


def _row(row: Signal, say: Sentences) -> tuple[Any, ...]:
    own = (_plain(getattr(row, name)) for name in OWN)
    figures = (row.facts.get(when, {}).get(name) for when in ("before", "after") for name in ("n", "share"))
    return (*own, row.facts.get("per_year"), *figures, say.of(row))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.iso(value)
    return str(value) if isinstance(value, uuid.UUID | date) else value
