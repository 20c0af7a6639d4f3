"""Verb: leave. It stops everything at once, and is remembered.

What was known of a member goes, the row stays: a later file finds that they left. Invitations that are open end with it
(``invitations.members``).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import db
from collector.communities.panels import contacts
from collector.communities.panels.models import PanelAsk, PanelMember


def leave(
    session: Session,
    workspace_id: uuid.UUID,
    customers: Collection[str],
    now: datetime,
    panel: str | None = None,
) -> list[uuid.UUID]:
    """Out of all panels, or of one; the invitations that were on their way to them. A second time changes nothing."""
    rows = _of(session, workspace_id, customers, panel)
    for row in rows:
        row.left_at = row.left_at or now
        row.attributes = {}
    session.flush()
    ids = [row.member_id for row in rows]
    contacts.remove(session, workspace_id, ids)
    return _end_asks(session, workspace_id, ids)


def _of(
    session: Session, workspace_id: uuid.UUID, customers: Collection[str], panel: str | None
) -> Sequence[PanelMember]:
    """Their rows, locked in one order: whoever lets them in or asks them meanwhile is waited for."""
    query = select(PanelMember).where(
        PanelMember.workspace_id == workspace_id, PanelMember.customer.in_(list(customers))
    )
    query = query.where(PanelMember.panel == panel) if panel else query
    locked = db.lock(session, query.order_by(PanelMember.member_id))
    return session.scalars(locked.execution_options(populate_existing=True)).all()


def _end_asks(session: Session, workspace_id: uuid.UUID, members: list[uuid.UUID]) -> list[uuid.UUID]:
    theirs = PanelAsk.workspace_id == workspace_id, PanelAsk.member_id.in_(members)
    made = select(PanelAsk.invitation_id).where(*theirs, PanelAsk.invitation_id.is_not(None))
    invitations = [each for each in session.scalars(made) if each]
    waiting = update(PanelAsk).where(*theirs, PanelAsk.state == "waiting")
    session.execute(waiting.values(state="ended", reason="left"))
    session.execute(update(PanelAsk).where(*theirs).values(remind_at=None))
    return invitations
