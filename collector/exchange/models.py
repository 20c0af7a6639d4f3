"""Tables: import run, quarantined row (what could not be placed); address for another tool (inbound), what arrived there."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, LargeBinary, String, Text, false, text
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


WAITING = "body IS NOT NULL"


class Inbound(InWorkspace):
    """An address at which another tool may send its answers; what it asked stands in ``said`` (or in a ``mapping``).

    ``secret`` is sealed; ``key_name`` says by which of our secrets.
    """

    __tablename__ = "inbound"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    inbound_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    tool: Mapped[str] = mapped_column(String(16))
    said: Mapped[dict[str, Any]]
    mapping: Mapped[str | None] = mapped_column(Text)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str] = mapped_column(String(12))
    created_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]


class Arrival(InWorkspace):
    """One delivery from another tool, known by a digest of its id. Its ``body`` is sealed, and kept until it is placed.

    ``state``: placed, waiting (nobody has placed it, ``why`` says what is missing), ignored (it holds no answer).
    """

    __tablename__ = "arrival"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "inbound_id"], ["inbound.workspace_id", "inbound.inbound_id"], ondelete="CASCADE"
        ),
        Index("ix_arrival_received_at", "workspace_id", "inbound_id", "received_at"),
        Index("ix_arrival_customer", "workspace_id", "customer"),
        Index("ix_arrival_old", "received_at"),
        Index(
            "ix_arrival_key_name",
            "workspace_id",
            "key_name",
            postgresql_where=text(WAITING),
            sqlite_where=text(WAITING),
        ),
    )

    inbound_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    why: Mapped[str | None] = mapped_column(String(300))
    customer: Mapped[str | None] = mapped_column(String(27))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_name: Mapped[str | None] = mapped_column(String(12))
    repeats: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime]
    placed_at: Mapped[datetime | None]
