"""Other systems hear of whole answers, in the transaction that stores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from collector import webhooks
from collector.communities import runs

KIND = "response.completed"
FRESH = timedelta(days=1)
"""What was said longer ago is moved in, and no news."""
TOLD = (
    "response_id", "invitation_id", "touchpoint", "journey", "journey_instance", "customer", "transaction", "channel",
    "survey", "survey_version", "metric", "target", "score", "occurred_at",
)  # fmt: skip


def stored(session: Session, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Say which of these new answers of one workspace are whole; rows by column."""
    if not rows or not webhooks.is_wanted(session, rows[0]["workspace_id"], KIND):
        return
    workspace_id = rows[0]["workspace_id"]
    sealed = runs.sealing.series(session, workspace_id)
    whole = [row for row in rows if row["complete"] and row["occurred_at"] >= now - FRESH]
    told = [_subject({**row, "score": None} if row["series_id"] in sealed else row) for row in whole]
    webhooks.announce_all(session, workspace_id, KIND, told, now)


def completed(session: Session, rows: Sequence[Any], now: datetime) -> None:
    """Say that these answers of one workspace, rows to read, are whole by now."""
    names = (*TOLD, "workspace_id", "complete", "comment", "series_id")
    stored(session, [{name: getattr(row, name) for name in names} for row in rows], now)


def _subject(row: Mapping[str, Any]) -> webhooks.Subject:
    facts = {name: row[name] for name in TOLD} | {"has_comment": bool(row["comment"])}
    return webhooks.Subject(facts, row["touchpoint"], row["customer"])
