"""Verbs: read and replace the workspace's contact policy."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import revisions, surveys, workspaces
from collector.changes import record
from collector.contact import Policy, as_json, resolve


def policy(workspace: workspaces.Company) -> Policy:
    """The workspace's policy, the defaults filled in."""
    return resolve(own(workspace), {}, workspace.timezone)


def of_survey(session: Session, workspace_id: uuid.UUID, key: str) -> Policy:
    """The policy of a survey, or with an empty key the workspace's; remembered (see ``revisions``)."""

    def load() -> Policy:
        workspace = workspaces.facts(session, workspace_id)
        survey = surveys.known(session, workspace_id).get(key)
        return resolve(own(workspace), survey.policy if survey else {}, workspace.timezone)

    return revisions.remember(session, workspace_id, ("policy", key), load)


def own(workspace: workspaces.Company) -> dict[str, Any]:
    """The parts that this workspace has set for itself."""
    return dict(workspace.settings.get("policy", {}))


def save(
    session: Session,
    workspace: workspaces.Workspace,
    document: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> Policy:
    """Put a checked document in the place of the workspace's own; it holds from the next decision on."""
    before = policy(workspace)
    session.refresh(workspace, with_for_update=True)
    workspace.settings = {**workspace.settings, "policy": dict(document)}
    after = policy(workspace)
    if after != before:
        said = as_json(before), as_json(after)
        record(session, workspace.workspace_id, now, actor, "changed", "policy", "workspace", *said)
    session.flush()
    return after
