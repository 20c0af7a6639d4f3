"""What somebody is told by mail, on the wire."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from collector.bodies import Moment
from collector.digests import actions, rules, wishes

EVERY = (actions.NEVER, *rules.EVERY)


class WishesIn(Schema):
    every = fields.String(validate=validate.OneOf(EVERY))
    signals = fields.String(validate=validate.OneOf(wishes.WHEN))
    insights = fields.String(validate=validate.OneOf(wishes.WHEN))
    actions = fields.String(validate=validate.OneOf(wishes.WHEN))


class WishesOut(Schema):
    every = fields.String(metadata={"enum": list(EVERY)})
    next = Moment(allow_none=True, metadata={"description": "When the next digest is due"})
    signals = fields.String(metadata={"enum": list(wishes.WHEN)})
    insights = fields.String(metadata={"enum": list(wishes.WHEN)})
    actions = fields.String(metadata={"enum": list(wishes.WHEN)})
