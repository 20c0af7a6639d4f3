"""The wire of interactions."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from collector.interactions.contact import KEY, Contact


class InteractionIn(Contact):
    interaction_id = fields.UUID(load_default=None, allow_none=True)
    event = fields.String(load_default="step", validate=KEY)


class InteractionsIn(Schema):
    interactions = fields.List(fields.Nested(InteractionIn), required=True, validate=validate.Length(1, 500))


class InteractionsOut(Schema):
    accepted = fields.Integer()
    duplicates = fields.Integer()
