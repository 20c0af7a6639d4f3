"""What a tool sends live, as a row of the file that it would hand out: so that one description serves both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

FINISHED = "responseFinished"
"""Formbricks tells of begun and changed responses too; only a finished one is an answer."""


def identifier(tool: str, headers: Mapping[str, str], said: Any, body: bytes) -> str:
    """By what a delivery is known again: the sender's id of it, else its very bytes."""
    given = said if isinstance(said, dict) else {}
    if tool in {"formbricks", "standard"}:
        named = headers.get("webhook-id", "")
    elif tool == "typeform":
        named = str(given.get("event_id") or "")
    else:
        named = f"{given['survey']}:{given['respondId']}" if {"survey", "respondId"} <= set(given) else ""
    return hashlib.sha256(named.encode("utf-8", "replace") or body).hexdigest()


def row(tool: str, said: Any) -> dict[str, Any] | None:
    """The object that holds the answer; None for what holds none, such as a test or a begun response."""
    if not isinstance(said, dict):
        return None
    found = _ROWS[tool](said)
    return found if isinstance(found, dict) and found else None


def _formbricks(said: Mapping[str, Any]) -> Any:
    return said.get("data") if said.get("event") == FINISHED else None


def _typeform(said: Mapping[str, Any]) -> Any:
    found = said.get("form_response")
    return (
        {key: value for key, value in found.items() if key != "definition"}
        if isinstance(found, dict)
        else None
    )


def _limesurvey(said: Mapping[str, Any]) -> Any:
    found, person = said.get("response"), said.get("participant")
    if not isinstance(found, dict):
        return None
    email = person.get("email") if isinstance(person, dict) else None
    known = {
        "id": said.get("respondId"),
        "submitdate": said.get("submitDate"),
        "token": said.get("token"),
        "email": email,
    }
    return {**found, **{name: value for name, value in known.items() if value}}


def _standard(said: Mapping[str, Any]) -> Any:
    return said.get("data", said)


_ROWS = {"formbricks": _formbricks, "typeform": _typeform, "limesurvey": _limesurvey, "standard": _standard}
