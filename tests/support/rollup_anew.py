"""The rollup forgotten and made anew from the answers, inside the caller's transaction."""

from __future__ import annotations

import uuid

from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector.kpis import Rollup, recounting


def make(session: Session, workspace_id: uuid.UUID) -> None:
    """As after ``DELETE FROM rollup`` and ``afterword rollups rebuild``."""
    session.execute(delete(Rollup).where(Rollup.workspace_id == workspace_id))
    for piece in recounting.pieces(session, workspace_id):
        recounting.mend(session, piece)
