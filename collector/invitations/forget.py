"""What erasure removes here: triggers, decisions, invitations, and what the contact rules know of a customer."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.interactions import tombstones
from collector.invitations import subjects
from collector.invitations.models import Decision, Invitation, Subject, Trigger

HOLDS: Holds = {
    Subject: {"customer", "consents"},
    Trigger: {"customer", "transaction", "journey_instance", "persona", "locale", "attributes"},
    Decision: {"journey_instance"},
    Invitation: {"customer", "transaction", "journey_instance", "persona", "locale", "attributes"},
}
"""Table -> the columns that hold a customer's data or words."""


def transactions(session: Session, workspace_id: uuid.UUID, customer: str) -> set[str]:
    """The transactions that a customer's triggers and invitations name: by them other stations find what is theirs."""
    found: set[str] = set()
    for table in (Trigger, Invitation):
        of = table.workspace_id == workspace_id, table.customer == customer, table.transaction.is_not(None)
        found.update(name for name in session.scalars(select(table.transaction).where(*of)) if name)
    return found


def hold(session: Session, workspace_id: uuid.UUID, customer: str, now: datetime) -> None:
    """One erasure at a time, and nobody asks this customer meanwhile: what is found is all there is.

    Their row is made where it is missing, so that whoever asks them for the first time is waited for, too.
    """
    tombstones.hold(session, workspace_id)
    subjects.hold(session, workspace_id, [customer], now)


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase what was decided about a customer; how many triggers. An objection stays: it is what they asked for."""
    session.execute(
        delete(Invitation).where(Invitation.workspace_id == workspace_id, Invitation.customer == customer)
    )
    theirs = Trigger.workspace_id == workspace_id, Trigger.customer == customer
    ids = select(Trigger.trigger_id).where(*theirs)
    session.execute(
        delete(Decision).where(Decision.workspace_id == workspace_id, Decision.trigger_id.in_(ids))
    )
    gone = erased(session, delete(Trigger).where(*theirs))
    subject = Subject.workspace_id == workspace_id, Subject.customer == customer
    session.execute(delete(Subject).where(*subject, Subject.opted_out_at.is_(None)))
    session.execute(update(Subject).where(*subject).values(consents={}))
    return gone
