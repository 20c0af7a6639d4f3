"""The links into a panel and out of it: made for one customer, read where they are opened.

The way out never expires, because leaving must always be possible.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import errors, revisions, signing, workspaces
from collector.communities.panels.membership import row_of
from collector.communities.panels.models import Panel


@dataclass(frozen=True)
class Join:
    """What a link into a panel says: which one, who joins (a pseudonym), and where it was given: link or answer."""

    panel: str
    customer: str
    source: str


def join_token(session: Session, workspace_id: uuid.UUID, link: Join, now: datetime) -> str:
    """The token of a customer's link into a panel."""
    return _sign(session, workspace_id, signing.JOIN_SALT, asdict(link), now)


def leave_token(session: Session, workspace_id: uuid.UUID, member_id: uuid.UUID, now: datetime) -> str:
    """The token of a member's way out."""
    return _sign(session, workspace_id, signing.LEAVE_SALT, {"member": member_id.hex}, now)


def offer(
    session: Session, workspace_id: uuid.UUID, touchpoint: str, customer: str | None, now: datetime
) -> str | None:
    """The way into the panel that is offered after an answer there; None where there is none, or they know it already."""
    key = _joins_at(session, workspace_id, touchpoint) if customer else None
    panel = session.get(Panel, (workspace_id, key)) if key else None
    if panel is None or customer is None or row_of(session, panel, [customer]) is not None:
        return None
    return f"/j/{join_token(session, workspace_id, Join(panel.key, customer, 'answer'), now)}"


def _joins_at(session: Session, workspace_id: uuid.UUID, touchpoint: str) -> str | None:
    """The panel that is offered after an answer at a touchpoint; remembered, since every question on show asks for it."""

    def load() -> str | None:
        query = select(Panel.key).where(Panel.workspace_id == workspace_id, Panel.joins_at == touchpoint)
        return session.scalars(query.order_by(Panel.key)).first()

    return revisions.remember(session, workspace_id, ("joins at", touchpoint), load)


def read_join(session: Session, token: str) -> tuple[uuid.UUID, Join]:
    """(workspace, link) of a genuine link into a panel; raises 401 ``bad_token``."""
    workspace_id, said = _read(session, token, signing.JOIN_SALT)
    return workspace_id, Join(said["panel"], said["customer"], said["source"])


def read_leave(session: Session, token: str) -> tuple[uuid.UUID, uuid.UUID]:
    """(workspace, member) of a genuine way out; raises 401 ``bad_token``."""
    workspace_id, said = _read(session, token, signing.LEAVE_SALT)
    return workspace_id, uuid.UUID(said["member"])


def _sign(
    session: Session, workspace_id: uuid.UUID, salt: str, payload: dict[str, Any], now: datetime
) -> str:
    kid, secret = workspaces.signing_key(session, workspace_id)
    return f"{kid}.{signing.dumps(secret, salt, payload, now)}"


def _read(session: Session, token: str, salt: str) -> tuple[uuid.UUID, dict[str, Any]]:
    found: dict[str, workspaces.KeyFacts] = {}
    try:
        kid, payload, _ = signing.read(token, salt, workspaces.secret_lookup(session, found))
    except signing.BadToken:
        raise errors.NotAuthenticated(
            "This link is not genuine, or its key was revoked.", "bad_token"
        ) from None
    return found[kid].workspace_id, payload
