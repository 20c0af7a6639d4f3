"""Rows from before a moment, found, counted and named by one index: place by place, the oldest first.

A place is what stands before the moment in that index (a touchpoint, a kind). A batch is named by its place and its latest
moment as well as by its keys: of keys alone PostgreSQL, which knows nothing of workspaces, may read the whole workspace.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

Place = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Old:
    """How many rows are old (up to a limit), and when the oldest of them was."""

    rows: int = 0
    since: datetime | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of row: the columns of its key and of its moment."""

    key: InstrumentedAttribute[Any]
    at: InstrumentedAttribute[datetime]

    def batch(
        self, session: Session, places: Iterable[Place], before: datetime, most: int
    ) -> ColumnElement[bool] | None:
        """Which rows the oldest of the first place are that has any, at most so many; None: there are none."""
        for place in places:
            rows = session.execute(
                select(self.key, self.at).where(*place, self.at < before).order_by(self.at).limit(most)
            ).all()
            if rows:
                return and_(*place, self.at <= rows[-1][1], self.key.in_([key for key, _ in rows]))
        return None

    def count(self, session: Session, places: Iterable[Place], before: datetime, most: int) -> Old:
        """How many there are in all places, counted up to ``most``, and when the oldest was."""
        rows = 0
        first: list[datetime] = []
        for place in places:
            old = select(self.at).where(*place, self.at < before).order_by(self.at)
            first += session.scalars(old.limit(1))
            if rows < most:
                counted = old.limit(most - rows).subquery()
                rows += session.scalar(select(func.count()).select_from(counted)) or 0
        return Old(rows, min(first, default=None))
