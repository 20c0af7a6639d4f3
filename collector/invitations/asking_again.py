"""Verb: ask customers once more what they were asked before, decided as any other ask is.

The contact policy, the objection and the day's caps hold, and each ask ends in a stored decision. Who has not agreed to
messages is not asked, whatever the policy says: it is they who closed the loop when they agreed.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import signing, surveys, workspaces
from collector.contact import MESSAGE_CHANNELS, Policy
from collector.invitations import deciding, subjects
from collector.invitations.ledger import Entry
from collector.invitations.models import FOLLOW_UP, Subject, Trigger
from collector.invitations.own_desk import OwnDesk
from collector.invitations.rows_made import LIFETIME
from collector.statements import unwatched


@dataclass(frozen=True)
class Again:
    """Somebody to be asked once more: about what (``cause``), where, by which channel they agreed to be written to."""

    cause: uuid.UUID
    customer: str
    touchpoint: str
    journey: str | None
    channel: str
    persona: str | None = None
    locale: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class AgainDesk(OwnDesk):
    """Follow-ups belong to no way through a journey, and need a consent on record in any case."""

    source: str = FOLLOW_UP

    def way(self, touchpoint: str, journey: str | None, candidates: Sequence[surveys.Standing]) -> str | None:
        return None

    def policy(self, survey: surveys.Standing | None) -> Policy:
        return replace(super().policy(survey), consent=MESSAGE_CHANNELS)


def desk_of(session: Session, workspace_id: uuid.UUID, survey: str, now: datetime) -> AgainDesk:
    """Where a survey is asked again; whoever sits there holds the customers first, as erasure and objections do."""
    return AgainDesk(session, workspaces.facts(session, workspace_id), now, survey=survey)


def let_go(desk: AgainDesk, customers: Collection[str]) -> None:
    """Of these nothing is asked after all: the rows that were made to hold them go again."""
    subjects.let_go(desk.session, desk.workspace.workspace_id, desk.subjects, customers, desk.now)


def consents(
    session: Session, workspace_id: uuid.UUID, customers: Collection[str]
) -> dict[str, frozenset[str]]:
    """Customer -> the channels by which they agreed to be written to, of those who have not objected."""
    query = select(Subject).where(
        Subject.workspace_id == workspace_id,
        Subject.customer.in_(sorted(customers)),
        Subject.opted_out_at.is_(None),
    )
    return {row.customer: agreed for row in session.scalars(query) if (agreed := subjects.consented(row))}


def ask(desk: AgainDesk, asks: Sequence[Again]) -> list[Entry]:
    """Decide these asks, in order; the invitation of a cause and a customer is made once, however often it is tried."""
    return deciding.take(desk, [_trigger(desk, each) for each in asks])


def _trigger(desk: AgainDesk, each: Again) -> Trigger:
    """Its invitation's id follows from cause and customer: a second one for them cannot be made."""
    workspace_id, now = desk.workspace.workspace_id, desk.now
    own = workspace_id.bytes, b"follow-up", each.cause.bytes, each.customer.encode()
    return unwatched(
        Trigger,
        workspace_id=workspace_id,
        trigger_id=signing.named_id(*own, now.isoformat().encode()),
        invitation_id=signing.named_id(*own),
        touchpoint=each.touchpoint,
        journey=each.journey,
        customer=each.customer,
        channel=each.channel,
        persona=each.persona,
        locale=each.locale,
        attributes=dict(each.attributes),
        cancel_on=[],
        expires_at=now + LIFETIME,
        occurred_at=now,
        received_at=now,
        position=0,
    )
