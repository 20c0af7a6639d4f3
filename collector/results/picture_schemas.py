"""The wire of what a run shows where it asks for the first click: its pictures and the areas to hit."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from collector.bodies import KEY

NAME = validate.Length(1, 200)
PART = validate.Range(0, 1)


class AreaSchema(Schema):
    """A rectangle on a picture, in parts of it from its left and top."""

    name = fields.String(required=True, validate=NAME)
    x = fields.Float(required=True, validate=PART)
    y = fields.Float(required=True, validate=PART)
    width = fields.Float(required=True, validate=validate.Range(0, 1, min_inclusive=False))
    height = fields.Float(required=True, validate=validate.Range(0, 1, min_inclusive=False))

    @validates_schema
    def check_inside(self, data: dict[str, Any], **_kwargs: Any) -> None:
        for side, length in (("x", "width"), ("y", "height")):
            if data.get(side, 0) + data.get(length, 0) > 1.000001:
                raise ValidationError("reaches beyond the picture", length)


class PictureQuery(Schema):
    variant = fields.String(
        load_default=None,
        validate=KEY,
        metadata={"description": "Whose picture it is; left out: everybody's."},
    )


class PictureIn(Schema):
    """What is said of a picture."""

    description = fields.String(
        load_default="",
        validate=validate.Length(max=300),
        metadata={"description": "What it shows, for those who do not see it."},
    )
    areas = fields.List(fields.Nested(AreaSchema), load_default=list, validate=validate.Length(max=20))

    @validates_schema
    def check_names(self, data: dict[str, Any], **_kwargs: Any) -> None:
        names = [area["name"] for area in data.get("areas", ())]
        if len(set(names)) < len(names):
            raise ValidationError("needs a name of its own for each", "areas")


class PictureOut(Schema):
    variant = fields.String(allow_none=True)
    digest = fields.String(metadata={"description": "SHA-256 of the picture as it is shown."})
    width = fields.Integer()
    height = fields.Integer()
    description = fields.String()
    areas = fields.List(fields.Nested(AreaSchema))
