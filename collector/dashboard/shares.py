"""Share links: made, opened, listed, withdrawn. They show figures only, never a comment."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, errors
from collector.changes import record
from collector.dashboard.models import ShareLink
from collector.dashboard.period import LONGEST

NOUNS = ("journey", "touchpoint")
LIFETIMES = (1, 7, 30, 90)


def share(
    session: Session,
    workspace_id: uuid.UUID,
    noun: str,
    key: str,
    days: int,
    good_for: int,
    note: str,
    by: str,
    now: datetime,
    scope: list[str] | None = None,
) -> tuple[ShareLink, str]:
    """(link, its secret, shown this once) for a ``journey`` or a ``touchpoint``; ``days`` is the period it shows.

    Raises 422 for a lifetime that is not one of ``LIFETIMES`` (days).
    """
    if good_for not in LIFETIMES:
        raise errors.BadInput(
            "Choose how long the link lives.", fields={"good_for": ["must be 1, 7, 30 or 90"]}
        )
    if not 1 <= days <= LONGEST:
        raise errors.BadInput("The period does not fit.", fields={"days": [f"must be 1 to {LONGEST}"]})
    secret = secrets.token_urlsafe(24)
    link = ShareLink(
        workspace_id=workspace_id,
        share_id=clock.new_id(),
        hash=_hash(secret),
        noun=noun,
        key=key,
        days=days,
        note=note.strip()[:120],
        scope=scope,
        created_by=by,
        created_at=now,
        expires_at=now + timedelta(days=good_for),
    )
    session.add(link)
    session.flush()
    record(session, workspace_id, now, by, "shared", noun, key, None, _said(link))
    return link, secret


def open_link(session: Session, secret: str, now: datetime) -> ShareLink:
    """The living link behind a secret; raises 404 for an unknown one, 410 for one that is over."""
    link = session.scalars(select(ShareLink).where(ShareLink.hash == _hash(secret))).first()
    if link is None:
        raise errors.NotFound("There is no such shared view.", "unknown_share")
    if link.revoked_at is not None:
        raise errors.Gone("This shared view was withdrawn.", "share_revoked")
    if link.expires_at <= now:
        raise errors.Gone("This shared view has expired.", "share_expired")
    return link


def list_links(session: Session, workspace_id: uuid.UUID, noun: str, key: str) -> list[ShareLink]:
    """All links to one page, newest first, also those that are over."""
    query = select(ShareLink).where(
        ShareLink.workspace_id == workspace_id, ShareLink.noun == noun, ShareLink.key == key
    )
    return list(session.scalars(query.order_by(ShareLink.created_at.desc(), ShareLink.share_id.desc())))


def revoke(
    session: Session,
    workspace_id: uuid.UUID,
    noun: str,
    key: str,
    share_id: uuid.UUID,
    now: datetime,
    by: str,
) -> ShareLink:
    """Withdraw a link to one page at once; raises 404 for one that is not here."""
    link = session.get(ShareLink, (workspace_id, share_id))
    if link is None or (link.noun, link.key) != (noun, key):
        raise errors.NotFound("There is no such shared view.", "unknown_share")
    if link.revoked_at is None:
        record(session, workspace_id, now, by, "unshared", link.noun, link.key, _said(link), None)
    link.revoked_at = link.revoked_at or now
    session.flush()
    return link


def _said(link: ShareLink) -> dict[str, Any]:
    until = clock.iso(link.expires_at)
    return {"share_id": str(link.share_id), "days": link.days, "until": until, "note": link.note}


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
