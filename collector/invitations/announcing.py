"""Other systems hear of decisions, in the transaction that makes them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from collector import webhooks
from collector.invitations.models import Decision, Trigger

KIND = "decision.made"
OF_THE_TRIGGER = ("touchpoint", "journey", "customer", "transaction", "channel")
OF_THE_DECISION = ("trigger_id", "journey_instance", "decision", "reason", "survey", "invitation_id")


def decided(
    session: Session, workspace_id: uuid.UUID, made: Sequence[tuple[Decision, Trigger]], now: datetime
) -> None:
    """Say what these triggers came to."""
    if made and webhooks.is_wanted(session, workspace_id, KIND):
        subjects = [_subject(decision, trigger) for decision, trigger in made]
        webhooks.announce_all(session, workspace_id, KIND, subjects, now)


def revised(session: Session, decision: Decision, now: datetime) -> None:
    """Say that a trigger has come to something else."""
    if webhooks.is_wanted(session, decision.workspace_id, KIND):
        trigger = session.get_one(Trigger, (decision.workspace_id, decision.trigger_id))
        decided(session, decision.workspace_id, [(decision, trigger)], now)


def _subject(decision: Decision, trigger: Trigger) -> webhooks.Subject:
    facts = {name: getattr(trigger, name) for name in OF_THE_TRIGGER}
    facts |= {name: getattr(decision, name) for name in OF_THE_DECISION}
    return webhooks.Subject(facts, trigger.touchpoint, trigger.customer)
