"""What a company says of itself: its name, logo, language and zone, and whose figures its departments see."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from collector import errors, locale
from collector.changes import record
from collector.workspaces import actions, sight
from collector.workspaces.models import Workspace

SAID = ("name", "logo_url", "locale", "timezone", "figures")


def said(workspace: Workspace) -> dict[str, Any]:
    """All of it, by name."""
    figures = workspace.settings.get("figures", "all")
    return {name: getattr(workspace, name) for name in SAID if name != "figures"} | {"figures": figures}


def change(
    session: Session, workspace_id: uuid.UUID, given: Mapping[str, Any], actor: str, now: datetime
) -> Workspace:
    """Change some of it; raises 422 naming each value that does not fit."""
    workspace = actions.get(session, workspace_id)
    before = said(workspace)
    wanted = before | {name: value for name, value in given.items() if name in SAID}
    _check(wanted)
    for name in SAID:
        if name == "figures":
            workspace.settings = {**workspace.settings, "figures": wanted["figures"]}
        else:
            setattr(workspace, name, wanted[name] or None if name == "logo_url" else wanted[name])
    session.flush()
    if said(workspace) != before:
        record(session, workspace_id, now, actor, "changed", "company", "company", before, said(workspace))
    return workspace


def _check(wanted: Mapping[str, Any]) -> None:
    wrong: dict[str, list[str]] = {}
    if not 1 <= len(wanted["name"].strip()) <= 120:
        wrong["name"] = ["must be 1 to 120 characters"]
    if wanted["logo_url"] and not _is_address(wanted["logo_url"]):
        wrong["logo_url"] = ["must be an address that begins with https://"]
    if wanted["locale"] not in locale.LANGUAGES:
        wrong["locale"] = ["must be one of: " + ", ".join(locale.LANGUAGES)]
    if wanted["timezone"] not in available_timezones():
        wrong["timezone"] = ["must be a time zone such as Europe/Berlin"]
    if wanted["figures"] not in sight.FIGURES:
        wrong["figures"] = ["must be one of: " + ", ".join(sight.FIGURES)]
    if wrong:
        raise errors.BadInput("Some of this does not fit.", fields=wrong)


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return len(text) <= 500 and parts.scheme == "https" and bool(parts.hostname) and text.isprintable()
