"""What is known when a trigger is decided: the customer's contacts over all channels, their place in the journey."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select, union_all
from sqlalchemy.orm import Session

from collector import db
from collector.interactions import Interaction, JourneyInstance, tombstones
from collector.invitations.clocks import Contact
from collector.invitations.models import Invitation, Trigger

ASKED = frozenset({"open", "answered", "declined"})


@dataclass(frozen=True)
class Past:
    """What earlier invitations say about a trigger."""

    contacts: Sequence[Contact] = ()
    same_transaction: bool = False
    asked_in_instance: int = 0


def past(
    session: Session,
    row: Trigger,
    journey: str | None,
    instance: str | None,
    since: datetime,
    but: uuid.UUID | None = None,
) -> Past:
    """Read it in one query; ``but`` is the invitation being decided again, which does not stand in its own way.

    Each part has an index of its own and no other plan: as one condition with OR, a planner that thinks the table
    small reads all of it.
    """
    table = Invitation
    parts = []
    if row.customer is not None:
        lately = or_(table.asked_at > since, table.shown_at > since, table.ended_at > since)
        parts.append(and_(table.customer == row.customer, lately))
    if row.transaction is not None:
        parts.append(table.transaction == row.transaction)
    if instance is not None:
        parts.append(and_(table.journey == journey, table.journey_instance == instance))
    if not parts:
        return Past()
    solicited = select(table).where(table.workspace_id == row.workspace_id, table.source == "solicited")
    query = select(table).from_statement(union_all(*(solicited.where(part) for part in parts)))
    found = [made for made in session.scalars(query).unique() if made.invitation_id != but]
    asked = [made for made in found if is_contact(made)]
    return Past(
        contacts=tuple(contact(made) for made in asked if row.customer and made.customer == row.customer),
        same_transaction=row.transaction is not None
        and any(made.transaction == row.transaction for made in found),
        asked_in_instance=sum(
            instance is not None and (made.journey, made.journey_instance) == (journey, instance)
            for made in asked
        ),
    )


def is_contact(made: Invitation) -> bool:
    """Whether somebody was asked: it opened, and was not taken back before anyone saw it."""
    if made.asked_at is None:
        return False
    return made.state in ASKED or (made.state == "cancelled" and made.shown_at is not None)


def contact(made: Invitation) -> Contact:
    """An invitation as a contact: its wait runs from the answer, the refusal, or when it was last put to them."""
    asked_at = made.asked_at or made.created_at
    outcome = made.state if made.state in {"answered", "declined"} else "ignored"
    ended_at = made.ended_at if outcome != "ignored" else made.shown_at
    return Contact(made.survey, asked_at, max(asked_at, ended_at or asked_at), outcome, made.channel)


def cancelled_by(session: Session, row: Trigger, journey: str | None, instance: str | None) -> str | None:
    """What took the trigger back: a cancellation or an erasure after it, or the first of its ``cancel_on`` events.

    Such an event happened to its transaction, or later in its journey.
    """
    if undone := _undone(session, row):
        return undone
    if not row.cancel_on:
        return None
    table = Interaction
    parts = []
    if row.transaction is not None:
        parts.append(table.transaction == row.transaction)
    if instance is not None:
        same = and_(table.journey == journey, table.journey_instance == instance)
        parts.append(and_(same, table.occurred_at >= row.occurred_at))
    if not parts:
        return None
    events = select(table.event, table.occurred_at).where(
        table.workspace_id == row.workspace_id, table.event.in_(row.cancel_on)
    )
    found = union_all(*(events.where(part) for part in parts)).subquery()
    return session.scalars(select(found.c.event).order_by(found.c.occurred_at).limit(1)).first()


def _undone(session: Session, row: Trigger) -> str | None:
    """Whether its transaction was taken back after it happened."""
    if row.transaction is None:
        return None
    kind, name = tombstones.TRANSACTION, row.transaction
    at = tombstones.buried_at(session, row.workspace_id, kind, [name]).get(name)
    return "a cancellation" if at is not None and row.occurred_at <= at else None


def hold_instance(session: Session, workspace_id: uuid.UUID, journey: str, instance: str) -> None:
    """Lock a journey instance where there is no customer to lock, so that it too is asked once."""
    query = select(JourneyInstance.instance_id).where(
        JourneyInstance.workspace_id == workspace_id,
        JourneyInstance.journey == journey,
        JourneyInstance.instance_id == instance,
    )
    session.scalars(db.lock(session, query)).all()
