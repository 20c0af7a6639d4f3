"""What requests need to know of a workspace and its keys: values, remembered per process (see ``revisions``)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import errors, revisions
from collector.workspaces.models import Key, Workspace

KID = re.compile(r"[a-z2-7]{10}")


@dataclass(frozen=True)
class WorkspaceFacts:
    """A workspace as it stands; the row itself is for those who change it."""

    workspace_id: uuid.UUID
    name: str
    logo_url: str | None
    locale: str
    timezone: str
    pseudonym_key: bytes
    previous_pseudonym_key: bytes | None
    address_key: bytes | None
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class KeyFacts:
    """A key as it stands, revoked or not."""

    workspace_id: uuid.UUID
    kid: str
    kind: str
    name: str
    hash: bytes
    signing_secret: str | None
    scope: list[str] | None
    revoked_at: datetime | None


Company = Workspace | WorkspaceFacts
"""Either: what only reads takes both."""


def facts(session: Session, workspace_id: uuid.UUID) -> WorkspaceFacts:
    """What is known of a workspace; raises 404."""

    def load() -> WorkspaceFacts | None:
        query = select(*_columns(Workspace, WorkspaceFacts)).where(Workspace.workspace_id == workspace_id)
        row = session.execute(query).first()
        return WorkspaceFacts(**row._mapping) if row else None

    found = revisions.remember(session, workspace_id, "workspace", load)
    if found is None:
        raise errors.NotFound("There is no such workspace.", "unknown_workspace")
    return found


def key(session: Session, kid: str) -> KeyFacts | None:
    """A key by its public id, in whatever workspace it is."""
    if not KID.fullmatch(kid):
        return None

    def whose() -> uuid.UUID | None:
        return session.scalars(select(Key.workspace_id).where(Key.kid == kid)).first()

    workspace_id = revisions.remember_for_good(session, ("key", kid), whose)
    if workspace_id is None:
        return None

    def load() -> KeyFacts | None:
        query = select(*_columns(Key, KeyFacts)).where(Key.workspace_id == workspace_id, Key.kid == kid)
        row = session.execute(query).first()
        return KeyFacts(**row._mapping) if row else None

    return revisions.remember(session, workspace_id, ("key", kid), load)


def signing_key(session: Session, workspace_id: uuid.UUID) -> tuple[str, str]:
    """(kid, secret) with which the collector signs for this workspace."""

    def load() -> tuple[str, str] | None:
        query = select(Key.kid, Key.signing_secret).where(
            Key.workspace_id == workspace_id, Key.kind == "collector", Key.revoked_at.is_(None)
        )
        row = session.execute(query.order_by(Key.created_at.desc())).first()
        return (row.kid, row.signing_secret) if row and row.signing_secret else None

    found = revisions.remember(session, workspace_id, "signing key", load)
    if found is None:
        raise errors.Unavailable(
            "This workspace has no signing key; run `afterword doctor`.", "no_signing_key"
        )
    return found


def _columns(table: type[Workspace | Key], kind: type[Any]) -> list[Any]:
    return [getattr(table, name) for name in kind.__dataclass_fields__]
