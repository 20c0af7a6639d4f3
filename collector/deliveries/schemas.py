"""The wire of ``/api/v1/deliveries``; told in ``docs/how-to/ask-by-email.md``."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from collector import addresses
from collector.bodies import Moment
from collector.deliveries.models import STATES
from collector.deliveries.ways import WAYS


class DeliveryConsent(Schema):
    text_version = fields.String(
        required=True, validate=validate.Length(1, 64), metadata={"description": "which text was agreed to"}
    )
    source = fields.String(
        required=True,
        validate=validate.Length(1, 200),
        metadata={"description": "where: a form, a call, a contract"},
    )
    given_at = Moment(required=True)


class DeliveryIn(Schema):
    invitation_id = fields.UUID(load_default=None, allow_none=True)
    transaction = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 128))
    way = fields.String(required=True, validate=validate.OneOf(WAYS))
    address = fields.String(required=True, validate=validate.Length(3, 254))
    consent = fields.Nested(DeliveryConsent, load_default=None, allow_none=True)

    @validates_schema
    def check_named(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data.get("invitation_id") is None) == (data.get("transaction") is None):
            raise ValidationError("send either invitation_id or transaction", "invitation_id")


class DeliveryOut(Schema):
    id = fields.UUID(attribute="delivery_id")
    invitation_id = fields.UUID()
    way = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    attempts = fields.Integer()
    run_after = Moment()
    last_error = fields.String(allow_none=True)
    created_at = Moment()
    ended_at = Moment(allow_none=True)


class DeliveriesQuery(Schema):
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))


class DeliveriesOut(Schema):
    deliveries = fields.List(fields.Nested(DeliveryOut))


def _can_be_called(url: str) -> None:
    try:
        addresses.checked(url)
    except ValueError as error:
        raise ValidationError(str(error)) from None


class GatewayIn(Schema):
    url = fields.Url(
        required=True,
        schemes={"http", "https"},
        require_tld=False,
        validate=[validate.Length(max=500), _can_be_called],
    )


class GatewayOut(Schema):
    url = fields.String()
    secret = fields.String(metadata={"description": "whsec_..., shown this once: it verifies the signature"})
