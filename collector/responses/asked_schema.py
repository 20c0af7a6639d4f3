"""The wire of ``GET /w/v1/survey``, as the OpenAPI document tells it; ``serving`` makes what it describes."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from collector.bodies import Moment
from collector.instruments import KINDS

ConditionOut = Schema.from_dict(
    {
        "question": fields.String(required=True, metadata={"description": "id of an earlier question"}),
        "from": fields.Integer(),
        "to": fields.Integer(),
        "in": fields.List(fields.String(), metadata={"description": "option keys"}),
    },
    name="ConditionOut",
)
PromptOut = ConditionOut.from_dict({"text": fields.String(required=True)}, name="PromptOut")


class OptionOut(Schema):
    key = fields.String(required=True)
    label = fields.String(required=True)


class QuestionOut(Schema):
    id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(sorted(KINDS)))
    text = fields.String(required=True)
    required = fields.Boolean(required=True)
    show_if = fields.Nested(ConditionOut)
    min = fields.Integer()
    max = fields.Integer()
    low = fields.String()
    high = fields.String()
    labels = fields.List(fields.String())
    options = fields.List(fields.Nested(OptionOut))
    min_choices = fields.Integer()
    max_choices = fields.Integer()
    max_length = fields.Integer()
    prompts = fields.List(fields.Nested(PromptOut))


class SurveyRefOut(Schema):
    key = fields.String(required=True)
    version = fields.Integer(required=True)
    series = fields.UUID(required=True)


class CompanyOut(Schema):
    name = fields.String(required=True)
    logo = fields.String(required=True, allow_none=True)


class AnsweredOut(Schema):
    response_id = fields.UUID(required=True, allow_none=True)
    answers = fields.Dict(keys=fields.String(), required=True)
    complete = fields.Boolean(required=True)


class JoinOut(Schema):
    url = fields.String(required=True, metadata={"description": "Where, below the collector's address"})
    text = fields.String(required=True)


class AskedOut(Schema):
    token = fields.String(required=True, metadata={"description": "What the answer must carry"})
    invitation_id = fields.UUID(required=True)
    expires_at = Moment(required=True)
    survey = fields.Nested(SurveyRefOut, required=True)
    touchpoint = fields.String(required=True)
    journey = fields.String(required=True, allow_none=True)
    locale = fields.String(required=True)
    dir = fields.String(required=True, validate=validate.OneOf(["ltr", "rtl"]))
    company = fields.Nested(CompanyOut, required=True)
    questions = fields.List(fields.Nested(QuestionOut), required=True)
    words = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    footnote = fields.String(required=True, allow_none=True)
    answered = fields.Nested(AnsweredOut, required=True)
    offers = fields.List(
        fields.String(validate=validate.OneOf(["later", "join"])),
        metadata={"description": "What may be offered beside the questions; missing where nothing is"},
    )
    join = fields.Nested(JoinOut, metadata={"description": "The way into a panel, after the answer"})
