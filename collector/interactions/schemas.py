"""The wire of interactions."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from collector.bodies import KEY
from collector.interactions.contact import Contact
from collector.plain_schemas import PlainSchema


class InteractionIn(Contact):
    interaction_id = fields.UUID(load_default=None, allow_none=True)
    event = fields.String(load_default="step", validate=KEY)
    touchpoint = fields.String(load_default=None, allow_none=True, validate=KEY)

    @validates_schema
    def check_it_belongs_somewhere(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["touchpoint"] is None and data["transaction"] is None:
            raise ValidationError("needed where no transaction is named", "touchpoint")


class InteractionsIn(PlainSchema):
    interactions = fields.List(fields.Nested(InteractionIn), required=True, validate=validate.Length(1, 500))


class InteractionsOut(Schema):
    accepted = fields.Integer()
    duplicates = fields.Integer()
