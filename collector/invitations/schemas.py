"""The wire of triggers, decisions and invitations; see ``docs/reference/wire.md``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from collector import clock
from collector.bodies import KEY, Moment
from collector.interactions import Contact
from collector.plain_schemas import PlainSchema
from collector.surveys import TARGETS


class TriggerIn(Contact):
    trigger_id = fields.UUID(load_default=None, allow_none=True)
    invitation_id = fields.UUID(load_default=None, allow_none=True)
    target = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(TARGETS),
        metadata={"description": "What to ask about; without one, surveys and asking plan decide."},
    )
    locale = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"[A-Za-z0-9-]{2,35}\Z")
    )
    delay = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 7_776_000))
    cancel_on = fields.List(fields.String(validate=KEY), load_default=list, validate=validate.Length(max=20))
    expires_at = Moment(load_default=None, allow_none=True)


class TriggersIn(PlainSchema):
    triggers = fields.List(fields.Nested(TriggerIn), required=True, validate=validate.Length(1, 500))


class InvitationOut(Schema):
    id = fields.UUID()
    token = fields.String()
    url = fields.String()
    expires_at = Moment()


class DecisionOut(Schema):
    trigger_id = fields.UUID()
    decision = fields.String(validate=validate.OneOf(["invite", "skip"]))
    reason = fields.String()
    rule = fields.String(allow_none=True)
    next_eligible_at = Moment(allow_none=True)
    invitation = fields.Nested(InvitationOut, allow_none=True)


class DecisionsOut(Schema):
    decisions = fields.List(fields.Nested(DecisionOut))


class LedgerQuery(Schema):
    customer = fields.String(load_default=None, validate=validate.Length(1, 256))
    transaction = fields.String(load_default=None, validate=validate.Length(1, 128))
    cursor = fields.String(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))


class EarlierOut(Schema):
    decision = fields.String(validate=validate.OneOf(["invite", "skip"]))
    reason = fields.String()
    rule = fields.String(allow_none=True)
    decided_at = Moment()


class InvitationNamed(Schema):
    """Which invitation: its link left once, at creation, and stands in no read."""

    id = fields.UUID()
    expires_at = Moment()


class LedgerRow(DecisionOut):
    invitation = fields.Nested(InvitationNamed, allow_none=True)
    touchpoint = fields.String()
    journey = fields.String(allow_none=True)
    customer = fields.String(allow_none=True)
    transaction = fields.String(allow_none=True)
    decided_at = Moment()
    earlier = fields.List(
        fields.Nested(EarlierOut),
        metadata={"description": "What was decided before, oldest first (a delayed trigger)."},
    )


class LedgerOut(Schema):
    decisions = fields.List(fields.Nested(LedgerRow))
    next = fields.String(allow_none=True)


class CancelledOut(Schema):
    cancelled = fields.Integer()


def decision_dict(decision: Any, invitation: dict[str, Any] | None) -> dict[str, Any]:
    """A decision row and its invitation in wire form."""
    return {
        "trigger_id": decision.trigger_id,
        "decision": decision.decision,
        "reason": decision.reason,
        "rule": decision.rule,
        "next_eligible_at": decision.next_eligible_at,
        "invitation": invitation,
    }


def invitation_dict(invitation_id: Any, token: str, base_url: str, expires_at: datetime) -> dict[str, Any]:
    """An invitation in wire form: its link is usable at once."""
    return {"id": invitation_id, "token": token, "url": f"{base_url}/s/{token}", "expires_at": expires_at}


def decided(decision: Any, invitation: Any, token: str, base_url: str) -> dict[str, Any]:
    """What ``DecisionOut`` makes of a decision and the invitation that it came to, if any: each trigger is told its own."""
    found = (
        None
        if invitation is None
        else {
            "id": str(invitation.invitation_id),
            "token": token,
            "url": f"{base_url}/s/{token}",
            "expires_at": clock.iso(invitation.expires_at),
        }
    )
    again = decision.next_eligible_at
    return {
        "trigger_id": str(decision.trigger_id),
        "decision": decision.decision,
        "reason": decision.reason,
        "rule": decision.rule,
        "next_eligible_at": clock.iso(again) if again else None,
        "invitation": found,
    }
