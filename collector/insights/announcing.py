"""What happens to insights and actions: each step is in the record, and other systems hear of it, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import webhooks
from collector.changes import record
from collector.insights import reading
from collector.insights.models import Action, Insight

INSIGHT, ACTION = "insight.changed", "action.changed"
OF_THE_INSIGHT = ("insight_id", "title", "state", "touchpoint", "before", "journey")
OF_THE_ACTION = ("action_id", "insight_id", "title", "state", "owner", "due")
Said = dict[str, Any] | None


def note_insight(
    session: Session, row: Insight, by: str, verb: str, now: datetime, before: Said, after: Said
) -> None:
    """Somebody did this to an insight."""
    record(session, row.workspace_id, now, by, verb, "insight", str(row.insight_id), before, after)
    if webhooks.is_wanted(session, row.workspace_id, INSIGHT):
        owners = reading.owners_of(session, [row])[row.insight_id]
        facts = {name: getattr(row, name) for name in OF_THE_INSIGHT} | {"verb": verb, "owners": owners}
        webhooks.announce(session, row.workspace_id, INSIGHT, webhooks.Subject(facts, row.touchpoint), now)


def note_action(
    session: Session, row: Action, by: str, verb: str, now: datetime, before: Said, after: Said
) -> None:
    """Somebody did this to an action; it concerns its own department and those of its insight."""
    record(session, row.workspace_id, now, by, verb, "action", str(row.action_id), before, after)
    if webhooks.is_wanted(session, row.workspace_id, ACTION):
        insight = session.get_one(Insight, (row.workspace_id, row.insight_id))
        owners = sorted({row.owner, *reading.owners_of(session, [insight])[row.insight_id]})
        facts = {name: getattr(row, name) for name in OF_THE_ACTION} | {"verb": verb, "owners": owners}
        webhooks.announce(session, row.workspace_id, ACTION, webhooks.Subject(facts, insight.touchpoint), now)
