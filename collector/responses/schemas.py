"""The wire of ``/w/v1``: surveys, responses, events."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from collector.bodies import KEY, Flag, Typed
from collector.plain_schemas import PlainSchema


class Label(fields.String):
    """What the page says about itself beside an answer: cut to ``most`` characters, since no answer is lost for it."""

    is_typed = True

    def __init__(self, most: int) -> None:
        super().__init__(load_default=None, allow_none=True, metadata={"maxLength": most})
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return str(super()._deserialize(value, attr, data, **kwargs))[: self.most]


class SurveyQuery(PlainSchema):
    token = fields.String(load_default=None)
    customer = fields.String(load_default=None)
    key = fields.String(load_default=None)
    touchpoint = fields.String(load_default=None, validate=KEY)
    locale = fields.String(load_default=None, validate=validate.Regexp(r"[A-Za-z0-9-]{2,35}\Z"))


class EventIn(PlainSchema):
    token = fields.String(required=True, validate=validate.Length(1, 8192))
    event = fields.String(
        required=True, validate=validate.OneOf(["shown", "dismissed", "abandoned", "later"])
    )
    mode = Label(16)
    viewport = Label(16)


class NotedOut(Schema):
    """Nothing is said: the widget does not wait for it."""


class ContextIn(PlainSchema):
    element = Label(200)
    url = Label(500)


class ResponseIn(PlainSchema):
    token = fields.String(required=True, validate=validate.Length(1, 8192))
    response_id = fields.UUID(required=True)
    answers = Typed(
        keys=fields.String(validate=validate.Length(1, 64)),
        values=fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(max=50),
    )
    complete = Flag(load_default=False)
    locale = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"[A-Za-z0-9-]{2,35}\Z")
    )
    mode = Label(16)
    layout = Label(16)
    dir = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(["ltr", "rtl"]))
    viewport = Label(16)
    widget = Label(16)
    context = fields.Nested(ContextIn, load_default=dict)


class ResponseOut(Schema):
    response_id = fields.UUID()
    complete = fields.Boolean()
    answers = fields.List(fields.String(), metadata={"description": "ids of the answered questions"})
