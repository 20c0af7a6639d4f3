"""Verbs: open a workspace, find one."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from collector import clock, errors
from collector.workspaces.keys import mint_key
from collector.workspaces.models import Workspace


def create(
    session: Session, name: str, now: datetime, locale: str = "en", timezone: str = "UTC"
) -> Workspace:
    """Open a workspace with a signing key of its own for the invitations that the collector makes itself."""
    workspace = Workspace(
        workspace_id=clock.new_id(),
        name=name,
        locale=locale,
        timezone=timezone,
        days_zone=timezone,
        pseudonym_key=clock.new_secret(16),
        created_at=now,
    )
    session.add(workspace)
    session.flush()
    mint_key(session, workspace, "collector", "The collector's own signatures", now)
    return workspace


def get(session: Session, workspace_id: uuid.UUID) -> Workspace:
    workspace = session.get(Workspace, workspace_id)
    if workspace is None:
        raise errors.NotFound("There is no such workspace.", "unknown_workspace")
    return workspace
