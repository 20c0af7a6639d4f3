"""Tables: import run (who brought in what, and what became of it) and quarantined row (what could not be placed)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import AtTouchpoint, InWorkspace, Touchpoints


class ImportRun(InWorkspace):
    """One import of one file; ``skipped`` counts by reason."""

    __tablename__ = "import_run"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_import_run_started_at", "workspace_id", "started_at"),
    )

    run_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(255))
    actor: Mapped[str] = mapped_column(String(254))
    accepted: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)
    quarantined: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[dict[str, Any]] = mapped_column(default=dict)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class QuarantinedRow(AtTouchpoint):
    """A row that names nothing we know: kept whole under "unassigned" until a better mapping takes it in.

    ``row_id`` is the id that its response would have, so that the row is kept once and healed once. ``customer`` is
    the pseudonym of whom the mapping gives it to, by which erasure finds it.
    """

    __tablename__ = "quarantined_row"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_quarantined_row_name", "workspace_id", "name"),
        Index("ix_quarantined_row_customer", "workspace_id", "customer"),
    )

    row_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    run_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(40))
    customer: Mapped[str | None] = mapped_column(String(27))
    field: Mapped[str | None] = mapped_column(String(40))
    value: Mapped[str | None] = mapped_column(Text)
    columns: Mapped[dict[str, Any]]
    quarantined_at: Mapped[datetime]

    @classmethod
    def within(cls, touchpoints: Touchpoints) -> ColumnElement[bool]:
        """None: what could not be placed lies at nobody's touchpoint."""
        return false()
