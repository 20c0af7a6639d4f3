"""What a company says of itself: name, logo, colour, language, zone and mail sender, and whose figures its departments see."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from collector import errors, locale
from collector.changes import record
from collector.workspaces import actions, colours, sight
from collector.workspaces.models import Workspace

SETTINGS: dict[str, Any] = {
    "figures": "all",
    "colour": "",
    "mail_from": "",
    "keep_answers": 0,
    "keep_record": 0,
    "keep_comments": 0,
    "keep_interactions": 0,
    "keep_outcomes": 0,
}
"""What stands in the settings of the row, and what holds where nothing was said."""
KEEPS = {
    "keep_answers": 30,
    "keep_record": 90,
    "keep_comments": 30,
    "keep_interactions": 90,
    "keep_outcomes": 90,
}
"""What is kept for days, and for how many at least; 0 is for ever."""
SAID = ("name", "logo_url", "locale", "timezone", *SETTINGS)


LONGEST = 36_500


def said(workspace: Workspace) -> dict[str, Any]:
    """All of it, by name."""
    return {name: _value(workspace, name) for name in SAID}


def sender(settings: Mapping[str, Any], fallback: str) -> str:
    """Who its mails are from: its own sender, else the installation's."""
    return settings.get("mail_from") or fallback


def change(
    session: Session, workspace_id: uuid.UUID, given: Mapping[str, Any], actor: str, now: datetime
) -> Workspace:
    """Change some of it; raises 422 naming each value that does not fit."""
    workspace = actions.get(session, workspace_id)
    before = said(workspace)
    wanted = before | {name: value for name, value in given.items() if name in SAID}
    wanted["colour"] = wanted["colour"].lower()
    _check(wanted)
    for name in SAID:
        if name not in SETTINGS:
            setattr(workspace, name, wanted[name] or None if name == "logo_url" else wanted[name])
    workspace.settings = {**workspace.settings, **{name: wanted[name] for name in SETTINGS}}
    session.flush()
    if said(workspace) != before:
        record(session, workspace_id, now, actor, "changed", "company", "company", before, said(workspace))
    return workspace


def check_kept(days: Mapping[str, int]) -> None:
    """Raises 422 naming each number of days for which nothing can be kept."""
    if wrong := _kept_wrongly(days):
        raise errors.BadInput("Some of this does not fit.", fields=wrong)


def _value(workspace: Workspace, name: str) -> Any:
    return workspace.settings.get(name, SETTINGS[name]) if name in SETTINGS else getattr(workspace, name)


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
    colour = wanted["colour"]
    if colour and not colours.is_colour(colour):
        wrong["colour"] = ["must be a colour such as #0a5570"]
    elif colour and colours.is_pale(colour):
        nearest = colours.on(colour, colours.LIGHT).colour
        wrong["colour"] = [f"is too pale for buttons on white; {nearest} would do"]
    if wanted["mail_from"] and not _is_sender(wanted["mail_from"]):
        wrong["mail_from"] = ["must be a sender such as Example Telecom <feedback@example.com>"]
    if wanted["figures"] not in sight.FIGURES:
        wrong["figures"] = ["must be one of: " + ", ".join(sight.FIGURES)]
    wrong |= _kept_wrongly(wanted)
    if wrong:
        raise errors.BadInput("Some of this does not fit.", fields=wrong)


def _kept_wrongly(days: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        name: [f"must be 0 (for ever) or {least} to {LONGEST} days"]
        for name, least in KEEPS.items()
        if days.get(name, 0) != 0 and not least <= days[name] <= LONGEST
    }


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return len(text) <= 500 and parts.scheme == "https" and bool(parts.hostname) and text.isprintable()


def _is_sender(text: str) -> bool:
    _, address = parseaddr(text)
    mailbox, _, domain = address.rpartition("@")
    return len(text) <= 200 and text.isprintable() and bool(mailbox and domain) and address in text
