"""Verb: a member leaves their panels, and what a run has asked them ends with it, answered or not yet opened."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import db
from collector.communities import panels
from collector.invitations import subjects
from collector.invitations.models import Invitation
from collector.workspaces import sight


def leave(
    session: Session,
    workspace_id: uuid.UUID,
    customers: Collection[str],
    now: datetime,
    panel: str | None = None,
) -> None:
    """Out of all panels (or of one), at once: nothing of its runs is sent, shown or taken any more. A second time changes nothing."""
    with sight.whole(session):
        subjects.hold(session, workspace_id, customers, now)
        made = panels.leaving.leave(session, workspace_id, customers, now, panel)
        query = select(Invitation).where(
            Invitation.workspace_id == workspace_id,
            Invitation.invitation_id.in_(made),
            Invitation.state.in_(("open", "waiting")),
        )
        for row in session.scalars(db.lock(session, query.order_by(Invitation.invitation_id))):
            row.state, row.ended_at = "cancelled", now
        session.flush()
