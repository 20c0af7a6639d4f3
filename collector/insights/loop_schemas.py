"""The wire of the loop with the unhappy: who is asked once more, and what came of it."""

from __future__ import annotations

from marshmallow import Schema, fields

from collector.bodies import Moment


class FollowUpOut(Schema):
    """One customer who is asked again: when, or why not."""

    customer = fields.String()
    state = fields.String(metadata={"enum": ["waiting", "asked", "skipped"]})
    reason = fields.String(
        allow_none=True,
        metadata={"description": "Why not, or not yet: as decisions say it, `reopened` or `erased`"},
    )
    channel = fields.String(metadata={"description": "By which they agreed to be written to"})
    run_after = Moment(metadata={"description": "Of who is waiting: when it is decided"})
    asked_at = Moment(allow_none=True)
    invitation_id = fields.UUID(allow_none=True)
    response_id = fields.UUID(metadata={"description": "The unhappy answer because of which they are asked"})


class BetterOut(Schema):
    """Of those who answered again, who is no longer unhappy, in percent."""

    count = fields.Integer()
    n = fields.Integer(attribute="base")
    value = fields.Float()
    low = fields.Float()
    high = fields.Float()


class FollowUpsOut(Schema):
    """How the loop with the unhappy stands."""

    unhappy = fields.Integer(
        metadata={"description": "Customers who were, of the 500 newest unhappy answers"}
    )
    agreed = fields.Integer(metadata={"description": "Of these, who agreed to be written to"})
    new = fields.Integer(metadata={"description": "Of these, who is on no list yet"})
    waiting = fields.Integer()
    asked = fields.Integer()
    skipped = fields.Dict(keys=fields.String(), values=fields.Integer())
    answered = fields.Integer()
    better = fields.Nested(
        BetterOut, allow_none=True, metadata={"description": "null while fewer than five have answered"}
    )
    asks = fields.List(fields.Nested(FollowUpOut))
