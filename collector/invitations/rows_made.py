"""Rows as they are first made: a trigger from the wire or from its link, and what was decided of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from collector import clock, signing, surveys, workspaces
from collector.invitations.eligibility import Verdict
from collector.invitations.facts import Placed
from collector.invitations.models import Decision, Trigger
from collector.statements import unwatched
from collector.surveys import Standing

LIFETIME = timedelta(days=30)


def from_wire(
    workspace: workspaces.Company, item: Mapping[str, Any], position: int, now: datetime
) -> Trigger:
    """The trigger that a business system sends, at its place in the batch."""
    trigger_id = item["trigger_id"] or clock.new_id()
    transaction, touchpoint, journey = item["transaction"], item["touchpoint"], item["journey"]
    derived = (
        signing.invitation_id(workspace.pseudonym_key, touchpoint, journey, transaction)
        if transaction
        else None
    )
    customer = item["customer"]
    occurred_at = item["occurred_at"] or now
    return unwatched(
        Trigger,
        workspace_id=workspace.workspace_id,
        trigger_id=trigger_id,
        invitation_id=item["invitation_id"] or derived or trigger_id,
        touchpoint=touchpoint,
        journey=journey,
        journey_instance=item["journey_instance"],
        customer=workspaces.pseudonym_of(workspace, customer) if customer else None,
        transaction=transaction,
        target=item["target"],
        channel=item["channel"],
        persona=item["persona"],
        locale=item["locale"],
        attributes=item["attributes"],
        cancel_on=item["cancel_on"],
        not_before=occurred_at + timedelta(seconds=item["delay"]) if item["delay"] else None,
        expires_at=item["expires_at"] or now + LIFETIME + timedelta(seconds=item["delay"]),
        occurred_at=occurred_at,
        received_at=now,
        position=position,
    )


def from_token(workspace_id: uuid.UUID, facts: signing.Invitation, now: datetime) -> Trigger:
    """The trigger that a link tells of, before its delivery has arrived."""
    return unwatched(
        Trigger,
        workspace_id=workspace_id,
        trigger_id=facts.trigger_id,
        invitation_id=facts.invitation_id,
        touchpoint=facts.touchpoint,
        journey=facts.journey,
        journey_instance=facts.journey_instance,
        customer=facts.customer,
        transaction=facts.transaction,
        target=facts.target if facts.target in surveys.TARGETS else None,
        channel=facts.channel,
        persona=facts.persona,
        locale=facts.locale,
        attributes={},
        cancel_on=[],
        not_before=facts.not_before,
        expires_at=facts.expires_at,
        occurred_at=facts.signed_at or now,
        received_at=now,
    )


def decision(placed: Placed, verdict: Verdict, survey: Standing | None, now: datetime) -> Decision:
    """What was decided of a trigger, and why."""
    row = placed.row
    return unwatched(
        Decision,
        workspace_id=row.workspace_id,
        trigger_id=row.trigger_id,
        decision=verdict.decision,
        reason=verdict.reason,
        rule=verdict.rule,
        next_eligible_at=verdict.next_eligible_at,
        invitation_id=row.invitation_id if verdict.is_invite else None,
        survey=survey.key if survey else None,
        survey_version=survey.version if survey else None,
        journey_instance=placed.instance,
        earlier=[],
        decided_at=now,
    )
