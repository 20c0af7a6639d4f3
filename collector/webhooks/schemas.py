"""The wire of ``/api/v1/webhooks``."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from collector.bodies import Flag, Moment
from collector.webhooks.kinds import KINDS
from collector.webhooks.models import Webhook, WebhookPace
from collector.webhooks.sent import LARGEST_PAGE, PAGE, STATES, Entry
from collector.webhooks.subscribing import FORMS, STANDARD, shown_url

URL = validate.Length(1, 500)
OWNERS = "Whose touchpoints: stakeholder keys; null is everything."


def _kinds(**given: Any) -> fields.List[str]:
    return fields.List(fields.String(validate=validate.OneOf(KINDS)), validate=validate.Length(1), **given)


def _scope(**given: Any) -> fields.List[str]:
    return fields.List(fields.String(), allow_none=True, metadata={"description": OWNERS}, **given)


class WebhookIn(Schema):
    name = fields.String(required=True, validate=validate.Length(1, 120))
    form = fields.String(
        load_default=STANDARD,
        validate=validate.OneOf(FORMS),
        metadata={"description": "`standard`, or a chat, which is told of signals, insights and actions"},
    )
    url = fields.String(required=True, validate=URL)
    kinds = _kinds(required=True)
    scope = _scope(load_default=None)


class WebhookPatch(Schema):
    name = fields.String(validate=validate.Length(1, 120))
    url = fields.String(validate=URL)
    kinds = _kinds()
    scope = _scope()
    enabled = Flag()


class WebhookOut(Schema):
    webhook_id = fields.UUID()
    name = fields.String()
    form = fields.String(metadata={"enum": list(FORMS)})
    url = fields.String(metadata={"description": "Without its query, which may hold a credential"})
    kinds = fields.List(fields.String())
    scope = fields.List(fields.String(), allow_none=True, metadata={"description": OWNERS})
    enabled = fields.Boolean()
    disabled_why = fields.String(allow_none=True, metadata={"enum": ["person", "failing", "gone", None]})
    failures = fields.Integer(metadata={"description": "Failed attempts in a row"})
    failing_since = Moment(allow_none=True)
    created_by = fields.String()
    created_at = Moment()


class NewWebhookOut(WebhookOut):
    secret = fields.String(metadata={"description": "whsec_..., shown this once: it verifies the signature"})


class SecretOut(Schema):
    secret = fields.String(metadata={"description": "whsec_..., shown this once"})
    previous_until = Moment(metadata={"description": "Until then the secret before signs as well"})


class WebhooksOut(Schema):
    webhooks = fields.List(fields.Nested(WebhookOut))


class LogQuery(Schema):
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    after = fields.UUID(
        load_default=None, metadata={"description": "What followed this event, the oldest first"}
    )
    cursor = fields.UUID(
        load_default=None, metadata={"description": "What was before this event, the newest first"}
    )
    limit = fields.Integer(load_default=PAGE, validate=validate.Range(1, LARGEST_PAGE))


class EntryOut(Schema):
    event_id = fields.UUID(metadata={"description": "Sent as `webhook-id`, the same at each attempt"})
    type = fields.String()
    timestamp = Moment()
    data = fields.Dict()
    state = fields.String(metadata={"enum": list(STATES)})
    attempts = fields.Integer()
    status = fields.Integer(allow_none=True, metadata={"description": "What the last attempt was answered"})
    error = fields.String(allow_none=True)
    tried_at = Moment(allow_none=True)
    next_try_at = Moment(allow_none=True)


class LogOut(Schema):
    deliveries = fields.List(fields.Nested(EntryOut))
    next = fields.UUID(
        allow_none=True, metadata={"description": "Send it as `cursor`, or as `after` if you did."}
    )


class ResendIn(Schema):
    event_id = fields.UUID(load_default=None)
    since = Moment(load_default=None)

    @validates_schema
    def check_named(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data.get("event_id") is None) == (data.get("since") is None):
            raise ValidationError("send either event_id or since", "event_id")


class ResentOut(Schema):
    resent = fields.Integer()


class TestOut(Schema):
    event_id = fields.UUID()


def webhook_dict(row: Webhook, pace: WebhookPace) -> dict[str, Any]:
    """A webhook in wire form, without its secret."""
    names = ("webhook_id", "name", "form", "kinds", "scope", "disabled_why", "created_by", "created_at")
    return {name: getattr(row, name) for name in names} | {
        "url": shown_url(row),
        "enabled": row.disabled_at is None,
        "failures": pace.failures,
        "failing_since": pace.failing_since,
    }


def entry_dict(entry: Entry) -> dict[str, Any]:
    """A line of the log."""
    event, way = entry.event, entry.delivery
    names = ("event_id", "state", "attempts", "status", "error", "tried_at")
    return {name: getattr(way, name) for name in names} | {
        "type": event.kind,
        "timestamp": event.at,
        "data": event.data,
        "next_try_at": way.run_after if way.state == "queued" else None,
    }
