"""What is told of: the kinds of events, and what each says. Thin on purpose: ids to look up by, never a comment or an
address; ``docs/reference/events.md`` is made from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from collector.bodies import Moment

TEST = "webhook.test"
"""What somebody sends from the page to see whether it arrives; nobody subscribes to it."""
ERASED = "customer.erased"


class AboutCustomer(Schema):
    """What tells of one customer at one touchpoint; ``customer`` is the pseudonym, null for who is not known."""

    touchpoint = fields.String()
    journey = fields.String(allow_none=True)
    journey_instance = fields.String(allow_none=True)
    customer = fields.String(allow_none=True)
    transaction = fields.String(allow_none=True)
    channel = fields.String(allow_none=True)


class ResponseCompleted(AboutCustomer):
    """A customer has given a whole answer; what was said stands at `GET /api/v1/responses/export`."""

    response_id = fields.UUID()
    invitation_id = fields.UUID(allow_none=True)
    survey = fields.String()
    survey_version = fields.Integer()
    metric = fields.String()
    target = fields.String()
    score = fields.Integer(allow_none=True)
    has_comment = fields.Boolean()
    occurred_at = Moment()


class DecisionMade(AboutCustomer):
    """A trigger was decided: whether the customer is asked, and why."""

    trigger_id = fields.UUID()
    decision = fields.String(metadata={"enum": ["invite", "wait", "skip"]})
    reason = fields.String()
    survey = fields.String(allow_none=True)
    invitation_id = fields.UUID(allow_none=True)


class SignalRaised(Schema):
    """Figures have moved beyond chance, or a customer is unhappy; what to look at, and whose it is."""

    signal_id = fields.UUID()
    signal = fields.String(metadata={"description": "The kind of signal"})
    title = fields.String()
    touchpoint = fields.String(allow_none=True)
    journey = fields.String(allow_none=True)
    owners = fields.List(fields.String())


class InsightChanged(Schema):
    """An insight was filed, moved on or edited."""

    insight_id = fields.UUID()
    verb = fields.String(metadata={"description": "What was done, as the record has it: `filed`, `working`"})
    title = fields.String()
    state = fields.String()
    touchpoint = fields.String(allow_none=True)
    before = fields.String(allow_none=True)
    journey = fields.String(allow_none=True)
    owners = fields.List(fields.String())


class ActionChanged(Schema):
    """An action was planned, changed or ended."""

    action_id = fields.UUID()
    insight_id = fields.UUID()
    verb = fields.String(metadata={"description": "What was done, as the record has it: `planned`, `done`"})
    title = fields.String()
    state = fields.String(metadata={"enum": ["open", "done", "dropped"]})
    owner = fields.String()
    owners = fields.List(fields.String())
    due = fields.Date()


class CustomerErased(Schema):
    """Forget this customer too. Goes to each webhook that subscribes to it, whatever its scope."""

    customer = fields.String(metadata={"description": "The pseudonym by which other events named them"})
    erased_at = Moment()


class WebhookTest(Schema):
    """Somebody sent a test."""

    webhook_id = fields.UUID()


SCHEMAS: Mapping[str, type[Schema]] = {
    "response.completed": ResponseCompleted,
    "decision.made": DecisionMade,
    "signal.raised": SignalRaised,
    "insight.changed": InsightChanged,
    "action.changed": ActionChanged,
    ERASED: CustomerErased,
}
KINDS = tuple(SCHEMAS)
_MADE: Mapping[str, Schema] = {kind: SCHEMAS[kind]() for kind in KINDS} | {TEST: WebhookTest()}


def data_of(kind: str, facts: Any) -> dict[str, Any]:
    """What an event of this kind says of something; what its schema does not name is left out."""
    said: dict[str, Any] = _MADE[kind].dump(facts)
    return said
