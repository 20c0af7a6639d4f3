"""What calls that bring something in take, and what they tell of it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from collector.bodies import Flag
from collector.contact import MESSAGE_CHANNELS
from collector.exchange import memory

UPLOAD = {
    "type": "object",
    "required": ["file", "mapping"],
    "properties": {name: {"type": "string", "format": "binary"} for name in ("file", "mapping")},
}


class TallyOut(Schema):
    count = fields.Integer()
    rows = fields.List(fields.Integer(), metadata={"description": "Row numbers, the first 10,000"})


class ReportOut(Schema):
    rows = fields.Integer()
    accepted = fields.Integer()
    duplicates = fields.Nested(TallyOut, metadata={"description": "Here already"})
    skipped = fields.Dict(keys=fields.String(), values=fields.Nested(TallyOut))
    quarantined = fields.Dict(keys=fields.String(), values=fields.Nested(TallyOut))
    new_series = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "survey -> what ended the series before it; empty: there was none"},
    )
    unmapped = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer())
    )


class FactIn(Schema):
    """One fact, as a row of a file has it. What does not fit is refused by itself, with its reason; the others are taken."""

    kind = fields.String(metadata={"description": "One of: " + ", ".join(memory.KINDS)})
    customer = fields.String(metadata={"description": "1 to 256 characters; not for a bounce."})
    channel = fields.String(metadata={"description": "One of: " + ", ".join(MESSAGE_CHANNELS)})
    address = fields.String(metadata={"description": "Of a bounce."})
    at = fields.String(
        metadata={
            "description": "A time, or a day of the company; without one, now (of an ask it is needed)."
        }
    )
    outcome = fields.String(metadata={"description": "Of an ask: " + ", ".join(memory.OUTCOMES)})
    text_version = fields.String(metadata={"description": "At most 120 characters are kept."})
    source = fields.String(metadata={"description": "At most 120 characters are kept."})


class MemoryIn(Schema):
    facts = fields.List(fields.Nested(FactIn), required=True, validate=validate.Length(1, 500))
    dry_run = Flag(load_default=False)


class MemoryOut(Schema):
    rows = fields.Integer()
    taken = fields.Dict(keys=fields.String(), values=fields.Integer())
    known = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "kind -> how many changed nothing, as they were known before"},
    )
    refused = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(TallyOut),
        metadata={"description": "reason -> which facts, counted from 1"},
    )


class ImportOut(Schema):
    report = fields.Nested(ReportOut)
