"""Verbs: decide a trigger once, open an invitation by its token, note what became of it.

Each decision is one atomic write under the lock of its customer's row; a trigger delivered twice, or opened by
its link before it arrived, is decided once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, db, errors, interactions, journeys, signing, surveys, workspaces
from collector.invitations import eligibility, tokens
from collector.invitations.models import Decision, Invitation, Subject, Trigger

LIFETIME = timedelta(days=30)


def trigger(
    session: Session, workspace: workspaces.Workspace, items: Sequence[Mapping[str, Any]], now: datetime
) -> list[Decision]:
    """Store and decide a batch of triggers, in order; one that stands already keeps its decision."""
    rows = [_from_wire(workspace, item, now) for item in items]
    _lock_subjects(session, workspace.workspace_id, {row.customer for row in rows if row.customer}, now)
    return [_take(session, row, now) for row in rows]


def open_token(session: Session, token: str, now: datetime) -> Invitation | None:
    """The invitation behind a link, deciding its trigger first where the link came faster; None: nothing to ask.

    Raises 401 for a forged token, 410 for one that is expired, answered or withdrawn.
    """
    workspace_id, facts = tokens.read_token(session, token, now)
    if facts.source == "volunteered":
        return _volunteered(session, workspace_id, facts, now)
    query = select(Invitation).where(
        Invitation.workspace_id == workspace_id, Invitation.invitation_id == facts.invitation_id
    )
    invitation = session.scalars(db.lock(session, query)).first()
    if invitation is None:
        _lock_subjects(session, workspace_id, {facts.customer} if facts.customer else set(), now)
        decision = _take(session, _from_token(workspace_id, facts, now), now)
        invitation = (
            session.get(Invitation, (workspace_id, facts.invitation_id)) if decision.invitation_id else None
        )
    return _usable(invitation, now)


def pending(session: Session, token: str, now: datetime) -> Invitation | None:
    """The newest open in-page invitation of the customer whose signed token this is."""
    workspace_id, customer = tokens.read_customer(session, token, now)
    query = (
        select(Invitation)
        .where(
            Invitation.workspace_id == workspace_id,
            Invitation.customer == customer,
            Invitation.state == "open",
            Invitation.expires_at > now,
            (Invitation.not_before.is_(None)) | (Invitation.not_before <= now),
        )
        .order_by(Invitation.created_at.desc())
    )
    return session.scalars(query.limit(1)).first()


@dataclass(frozen=True)
class Volunteer:
    """A form for feedback that nobody asked for; nothing is stored until it is given."""

    published: surveys.Published
    token: str
    invitation_id: uuid.UUID
    expires_at: datetime


def invite_volunteer(
    session: Session, publishable_key: str, touchpoint: str, locale: str | None, now: datetime
) -> Volunteer | None:
    """The feedback form of a touchpoint for the holder of a publishable key; None where there is none."""
    key = workspaces.find_key(session, publishable_key)
    if key.kind != "publishable":
        raise errors.NotAllowed("This takes a publishable key (aw_pk_...).", "wrong_key_kind")
    published = surveys.at_touchpoint(session, key.workspace_id, touchpoint, None, now, volunteered=True)
    if published is None:
        return None
    kid, secret = workspaces.signing_key(session, key.workspace_id)
    own_id, expires_at = clock.new_id(), now + timedelta(days=1)
    facts = signing.Invitation(
        own_id, own_id, touchpoint, expires_at, published.journey, locale=locale, source="volunteered"
    )
    return Volunteer(published, signing.sign_invitation(kid, secret, facts, now), own_id, expires_at)


def note(session: Session, token: str, event: str, now: datetime) -> None:
    """Note that an invitation was shown, dismissed or abandoned; an answered one stays answered."""
    workspace_id, facts = tokens.read_token(session, token, now)
    invitation = session.get(Invitation, (workspace_id, facts.invitation_id))
    if invitation is None or invitation.state not in {"open", "waiting"}:
        return
    invitation.shown_at = invitation.shown_at or now
    if event == "dismissed":
        invitation.state, invitation.ended_at = "declined", now
    session.flush()


def close(session: Session, invitation: Invitation, now: datetime) -> None:
    """The invitation was answered."""
    invitation.state, invitation.ended_at = "answered", now
    invitation.shown_at = invitation.shown_at or now
    session.flush()


def _from_wire(workspace: workspaces.Workspace, item: Mapping[str, Any], now: datetime) -> Trigger:
    trigger_id = item["trigger_id"] or clock.new_id()
    transaction, touchpoint, journey = item["transaction"], item["touchpoint"], item["journey"]
    derived = (
        signing.invitation_id(workspace.pseudonym_key, touchpoint, journey, transaction)
        if transaction
        else None
    )
    customer = item["customer"]
    occurred_at = item["occurred_at"] or now
    return Trigger(
        workspace_id=workspace.workspace_id,
        trigger_id=trigger_id,
        invitation_id=item["invitation_id"] or derived or trigger_id,
        touchpoint=touchpoint,
        journey=journey,
        journey_instance=item["journey_instance"],
        customer=workspaces.pseudonym_of(workspace, customer) if customer else None,
        transaction=transaction,
        channel=item["channel"],
        persona=item["persona"],
        locale=item["locale"],
        attributes=item["attributes"],
        cancel_on=item["cancel_on"],
        not_before=occurred_at + timedelta(seconds=item["delay"]) if item["delay"] else None,
        expires_at=item["expires_at"] or now + LIFETIME + timedelta(seconds=item["delay"]),
        occurred_at=occurred_at,
        received_at=now,
    )


def _from_token(workspace_id: uuid.UUID, facts: signing.Invitation, now: datetime) -> Trigger:
    return Trigger(
        workspace_id=workspace_id,
        trigger_id=facts.trigger_id,
        invitation_id=facts.invitation_id,
        touchpoint=facts.touchpoint,
        journey=facts.journey,
        journey_instance=facts.journey_instance,
        customer=facts.customer,
        transaction=facts.transaction,
        channel=facts.channel,
        persona=facts.persona,
        locale=facts.locale,
        attributes={},
        cancel_on=[],
        not_before=facts.not_before,
        expires_at=facts.expires_at,
        occurred_at=now,
        received_at=now,
    )


def _lock_subjects(session: Session, workspace_id: uuid.UUID, customers: set[str], now: datetime) -> None:
    """Take the customers' rows in one order, so that two batches never wait for one another in a ring."""
    if not customers:
        return
    for customer in sorted(customers):
        db.insert_new(
            session, Subject(workspace_id=workspace_id, customer=customer, consents={}, created_at=now)
        )
    query = select(Subject).where(Subject.workspace_id == workspace_id, Subject.customer.in_(customers))
    session.scalars(db.lock(session, query.order_by(Subject.customer))).all()


def _take(session: Session, row: Trigger, now: datetime) -> Decision:
    """Store and decide one trigger; the decision that stands where it was taken before."""
    key = (row.workspace_id, row.trigger_id)
    if not db.insert_new(session, row):
        _complete(session, row)
        decision = session.get(Decision, key, populate_existing=True)
        if decision is None:
            raise errors.Unavailable("This trigger is being decided right now. Try again.", retry_after=1)
        return decision
    decision = _decide(session, row, now)
    session.add(decision)
    session.flush()
    return decision


def _complete(session: Session, delivered: Trigger) -> None:
    """A trigger first seen through its link lacks its attributes; the delivery brings them."""
    stored = session.get(Trigger, (delivered.workspace_id, delivered.trigger_id), populate_existing=True)
    if stored is None or stored.attributes or stored.cancel_on:
        return
    stored.attributes, stored.cancel_on = delivered.attributes, delivered.cancel_on
    invitation = session.get(Invitation, (stored.workspace_id, stored.invitation_id))
    if invitation is not None and invitation.trigger_id == stored.trigger_id:
        invitation.attributes = delivered.attributes
    session.flush()


def _decide(session: Session, row: Trigger, now: datetime) -> Decision:
    touchpoint = journeys.find_touchpoint(session, row.workspace_id, row.touchpoint)
    published = surveys.at_touchpoint(session, row.workspace_id, row.touchpoint, row.journey, now)
    subject = session.get(Subject, (row.workspace_id, row.customer)) if row.customer else None
    facts = eligibility.Facts(
        touchpoint_known=touchpoint is not None,
        feedback_enabled=touchpoint is not None and touchpoint.feedback_enabled,
        survey_found=published is not None,
        opted_out=subject is not None and subject.opted_out_at is not None,
        same_transaction=_invited_for(session, row) if row.transaction else False,
        not_before=row.not_before,
    )
    verdict = eligibility.decide(facts, now)
    if verdict.decision == "invite" and published and not _invite(session, row, published, now):
        verdict = eligibility.Verdict("skip", "same_transaction", "one invitation per transaction")
    invited = verdict.decision == "invite"
    return Decision(
        workspace_id=row.workspace_id,
        trigger_id=row.trigger_id,
        decision=verdict.decision,
        reason=verdict.reason,
        rule=verdict.rule,
        next_eligible_at=verdict.next_eligible_at,
        invitation_id=row.invitation_id if invited else None,
        survey=published.key if published else None,
        survey_version=published.version if published else None,
        decided_at=now,
    )


def _invited_for(session: Session, row: Trigger) -> bool:
    query = select(Invitation.invitation_id).where(
        Invitation.workspace_id == row.workspace_id, Invitation.transaction == row.transaction
    )
    return session.scalars(query).first() is not None


def _invite(session: Session, row: Trigger, published: surveys.Published, now: datetime) -> bool:
    journey = row.journey or published.journey
    version = journeys.find_journey(session, row.workspace_id, journey) if journey else None
    instance = row.journey_instance
    if version is not None:
        instance = interactions.instance_for(
            session, row.workspace_id, version.key, row.customer, row.journey_instance, row.occurred_at
        )
    waiting = row.not_before is not None and row.not_before > now
    invitation = Invitation(
        workspace_id=row.workspace_id,
        invitation_id=row.invitation_id,
        trigger_id=row.trigger_id,
        source="solicited",
        touchpoint=row.touchpoint,
        journey=journey,
        journey_version=version.version if version else None,
        journey_instance=instance,
        survey=published.key,
        survey_version=published.version,
        series_id=published.series_id,
        customer=row.customer,
        transaction=row.transaction,
        channel=row.channel,
        persona=row.persona,
        locale=row.locale,
        attributes=row.attributes,
        probability=1.0,
        state="waiting" if waiting else "open",
        not_before=row.not_before,
        expires_at=row.expires_at,
        created_at=now,
    )
    return db.insert_new(session, invitation)


def _volunteered(
    session: Session, workspace_id: uuid.UUID, facts: signing.Invitation, now: datetime
) -> Invitation | None:
    stored = session.get(Invitation, (workspace_id, facts.invitation_id))
    if stored is not None:
        return _usable(stored, now)
    published = surveys.at_touchpoint(session, workspace_id, facts.touchpoint, None, now, volunteered=True)
    if published is None:
        return None
    version = journeys.find_journey(session, workspace_id, published.journey) if published.journey else None
    invitation = Invitation(
        workspace_id=workspace_id,
        invitation_id=facts.invitation_id,
        source="volunteered",
        touchpoint=facts.touchpoint,
        journey=published.journey,
        journey_version=version.version if version else None,
        survey=published.key,
        survey_version=published.version,
        series_id=published.series_id,
        channel="web",
        locale=facts.locale,
        attributes={},
        state="open",
        expires_at=facts.expires_at,
        created_at=now,
    )
    session.add(invitation)
    session.flush()
    return invitation


def _usable(invitation: Invitation | None, now: datetime) -> Invitation | None:
    if invitation is None:
        return None
    if invitation.state == "cancelled":
        raise errors.Gone("This invitation was withdrawn.", "survey_closed")
    if invitation.expires_at <= now and invitation.state != "answered":
        raise errors.Gone("This invitation has expired.", "invitation_expired")
    return invitation
