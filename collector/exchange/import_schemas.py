"""What calls that bring something in take, and what they tell of it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from collector.bodies import Flag
from collector.contact import MESSAGE_CHANNELS
from collector.exchange import memory

UPLOAD = {
    "type": "object",
    "required": ["file", "mapping"],
    "properties": {name: {"type": "string", "format": "binary"} for name in ("file", "mapping")},
}

_LINES = {"type": "array", "items": {"type": "string"}}
_FLAG = {"type": "string", "enum": ["true", "false"], "default": "false"}
MOVE: dict[str, Any] = {
    "type": "object",
    "required": ["files"],
    "properties": {
        "files": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "What the tool hands out, at most 20",
        },
        "customers": {
            "type": "string",
            "format": "binary",
            "description": "A table of two columns: an address, and your own id of that customer",
        },
        "touchpoint": {"type": "string", "description": "The touchpoint that the answers are about"},
        "touchpoint_column": {"type": "string", "description": "The column that holds touchpoints' keys"},
        "question": {**_LINES, "description": "COLUMN=METRIC[@TOUCHPOINT]: what a column of scores asked"},
        "comment": {"type": "string", "description": "The column with the words that belong to the score"},
        "customer": {"type": "string", "description": "The column that holds your own id of the customer"},
        "consent": {**_LINES, "description": "COLUMN=CHANNEL: a column in which customers agreed"},
        "attribute": {**_LINES, "description": "A column that tells groups of customers apart"},
        "survey": {"type": "string", "description": "Which of the tool's surveys this is"},
        "sheet": {"type": "string", "description": "Of a workbook; by default the first with a table"},
        "not_as_asks": {**_FLAG, "description": "Answers do not count as asks of lately"},
        "dry_run": {**_FLAG, "description": "Tell what would be taken as what, and keep nothing"},
    },
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
    dropped = fields.Integer(metadata={"description": "Facts of customers who were erased since"})
    refused = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(TallyOut),
        metadata={"description": "reason -> which facts, counted from 1"},
    )


class MovedRowOut(Schema):
    number = fields.Integer()
    at = fields.String()
    touchpoint = fields.String()
    answer = fields.Raw()
    comment = fields.String(allow_none=True)
    customer = fields.String(allow_none=True, metadata={"description": "Their pseudonym"})
    attributes = fields.Dict(keys=fields.String(), values=fields.String())


class MovedQuestionOut(Schema):
    column = fields.String()
    question = fields.String()
    metric = fields.String()
    source = fields.String(metadata={"description": "The series of its own that the answers make"})
    touchpoint = fields.String(allow_none=True, metadata={"description": "null: that of its column"})
    comment = fields.String(allow_none=True)
    first_rows = fields.List(fields.Nested(MovedRowOut), metadata={"description": "As they are stored"})
    report = fields.Nested(ReportOut)


class MovedFileOut(Schema):
    file = fields.String()
    shape = fields.String()
    questions = fields.List(fields.Nested(MovedQuestionOut))
    memory = fields.Nested(MemoryOut)
    lost = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "column that goes nowhere -> how many rows say something there"},
    )
    possible_questions = fields.List(fields.String(), metadata={"description": "Columns that could be some"})
    customers_by_address = fields.Integer(
        metadata={"description": "Rows whose customer is known by an address alone"}
    )
    unread_sheets = fields.List(fields.String())


class MovedOut(Schema):
    tool = fields.String()
    files = fields.List(fields.Nested(MovedFileOut))
    dry_run = fields.Boolean()


class ImportOut(Schema):
    report = fields.Nested(ReportOut)
