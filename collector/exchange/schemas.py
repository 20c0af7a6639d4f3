"""The wire of mapping files: form only. What contradicts what is found by ``mapping``."""

from __future__ import annotations

import zoneinfo
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from collector.bodies import KEY, Flag
from collector.instruments import MEASURES

ATTRIBUTE = validate.Regexp(
    r"[a-z][a-z0-9_]{0,39}\Z", error="must be 1 to 40 of a-z 0-9 _ and begin with a letter"
)
NAME = validate.Regexp(
    r"[a-z0-9][a-z0-9-]{0,39}\Z", error="must be 1 to 40 of a-z 0-9 - and begin with a letter or digit"
)
ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1")
FORMATS = ("csv", "tsv", "jsonl", "json", "xlsx")
COLUMN = validate.Length(1, 500)


def _one_of(*words: str) -> validate.OneOf:
    return validate.OneOf(words, error="must be one of: {choices}")


class Text(fields.String):
    """A text; numbers and true/false, as YAML reads unquoted ones, count as the text they are written as."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        return super()._deserialize(
            str(value) if isinstance(value, int | float) else value, attr, data, **kwargs
        )


class IdField(fields.Field[Any]):
    """One column whose text is the row's own id, or several that together identify a row."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        listed = value if isinstance(value, list) else [value]
        if not 1 <= len(listed) <= 50 or not all(isinstance(item, str) and item for item in listed):
            raise ValidationError("must be a column, or a list of columns that together identify a row")
        return value


class FileSchema(Schema):
    format = fields.String(validate=_one_of(*FORMATS))
    encoding = fields.String(validate=_one_of(*ENCODINGS))
    delimiter = fields.String(validate=validate.Length(1, 1, error="must be one character"))
    neutralised = Flag()
    sheet = fields.String(validate=validate.Length(1, 31))
    header_rows = fields.Integer(strict=True, validate=validate.Range(1, 9))


class FieldSchema(Schema):
    """``{column, values}`` or ``{constant}``."""

    column = fields.String(validate=COLUMN)
    constant = Text(validate=validate.Length(1, 200))
    values = fields.Dict(keys=fields.String(), values=Text(allow_none=True))

    @validates_schema
    def _one_origin(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if ("column" in data) == ("constant" in data):
            raise ValidationError("needs a column or a constant, not both")
        if "constant" in data and len(data) > 1:
            raise ValidationError("a constant takes nothing beside it")


class TouchpointSchema(FieldSchema):
    values = fields.Dict(keys=fields.String(), values=fields.String(validate=KEY))
    unmapped = fields.String(validate=_one_of("quarantine", "skip"))


class ScoreSchema(Schema):
    column = fields.String(required=True, validate=COLUMN)
    values = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True))
    scale = fields.List(
        fields.Integer(strict=True), validate=validate.Length(equal=2, error="must be [lowest, highest]")
    )
    reversed = Flag()
    missing = fields.List(Text())
    without = fields.String(validate=_one_of("skip", "keep", "quarantine"))

    @validates_schema
    def _rising(self, data: dict[str, Any], **_kwargs: Any) -> None:
        scale = data.get("scale")
        if scale and scale[0] >= scale[1]:
            raise ValidationError("must be [lowest, highest]; say reversed: true where low is good", "scale")


class CommentSchema(Schema):
    column = fields.String(required=True, validate=COLUMN)
    missing = fields.List(Text())
    without = fields.String(validate=_one_of("skip", "keep"))


class FormatField(fields.Field[Any]):
    """One way of writing a time, or several to be tried in order."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        listed = value if isinstance(value, list) else [value]
        if not 1 <= len(listed) <= 5 or not all(self._is_known(item) for item in listed):
            raise ValidationError(
                "must be iso, unix, excel, or a pattern with a year such as %d/%m/%Y (or a list of them)"
            )
        return value

    @staticmethod
    def _is_known(item: Any) -> bool:
        return (
            isinstance(item, str)
            and len(item) <= 100
            and (item in {"iso", "unix", "excel"} or "%Y" in item or "%y" in item)
        )


class TimeSchema(Schema):
    column = fields.String(required=True, validate=COLUMN)
    format = FormatField()
    timezone = fields.String()

    @validates_schema
    def _known_zone(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("timezone", "UTC") not in zoneinfo.available_timezones():
            raise ValidationError("is not a time zone such as Europe/London", "timezone")


class MappingSchema(Schema):
    """A mapping of responses."""

    name = fields.String(required=True, validate=NAME)
    metric = fields.String(required=True, validate=_one_of(*MEASURES))
    subject = fields.String(validate=validate.Length(1, 120))
    file = fields.Nested(FileSchema)
    id = IdField(required=True)
    touchpoint = fields.Nested(TouchpointSchema, required=True)
    score = fields.Nested(ScoreSchema)
    comment = fields.Nested(CommentSchema)
    occurred_at = fields.Nested(TimeSchema, required=True)
    journey = fields.Nested(FieldSchema)
    channel = fields.Nested(FieldSchema)
    persona = fields.Nested(FieldSchema)
    locale = fields.Nested(FieldSchema)
    customer = fields.Nested(FieldSchema)
    transaction = fields.Nested(FieldSchema)
    respondent = fields.Nested(FieldSchema)
    counts_as_contact = Flag()
    attributes = fields.Dict(
        keys=fields.String(validate=ATTRIBUTE),
        values=fields.Nested(FieldSchema),
        validate=validate.Length(max=20),
    )
