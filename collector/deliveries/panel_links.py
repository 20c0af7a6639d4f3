"""The links into a panel and out of it: made for one customer, read where they are opened."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from collector import errors, signing, workspaces

Said = TypeVar("Said")


def join_token(
    session: Session, workspace_id: uuid.UUID, panel: str, customer: str, source: str, now: datetime
) -> str:
    """The token of a customer's link into a panel; ``source``: link or answer."""
    kid, secret = workspaces.signing_key(session, workspace_id)
    return signing.sign_join(kid, secret, signing.Join(panel, customer, source), now)


def leave_token(session: Session, workspace_id: uuid.UUID, member_id: uuid.UUID, now: datetime) -> str:
    """The token of a member's way out."""
    kid, secret = workspaces.signing_key(session, workspace_id)
    return signing.sign_leave(kid, secret, member_id, now)


def read_join(session: Session, token: str) -> tuple[uuid.UUID, signing.Join]:
    """(workspace, link) of a genuine link into a panel; raises 401 ``bad_token``."""
    return _read(session, token, signing.read_join)


def read_leave(session: Session, token: str) -> tuple[uuid.UUID, uuid.UUID]:
    """(workspace, member) of a genuine way out; raises 401 ``bad_token``."""
    return _read(session, token, signing.read_leave)


def _read(
    session: Session, token: str, read: Callable[[str, signing.SecretLookup], tuple[str, Said]]
) -> tuple[uuid.UUID, Said]:
    found: dict[str, workspaces.KeyFacts] = {}
    try:
        kid, said = read(token, workspaces.secret_lookup(session, found))
    except signing.BadToken:
        raise errors.NotAuthenticated(
            "This link is not genuine, or its key was revoked.", "bad_token"
        ) from None
    return found[kid].workspace_id, said
