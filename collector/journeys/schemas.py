"""The wire of stakeholders, personas, touchpoints and journeys: one shape for files and for the API.

A schema checks form only (types, lengths, the words that a field takes); what refers to what is checked in
``checks``. Loading gives JSON with the fields that were sent, for ``definitions`` to make values of.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from collector.bodies import KEY, Flag
from collector.instruments import KINDS
from collector.journeys.asking import MODES
from collector.journeys.definitions import ACTORS, CHANNELS, PERSONA_GROUPS, STAGES, STATES

LONG = 4000


def _not_blank(text: str) -> None:
    if not text.strip():
        raise ValidationError("must not be empty")


def _distinct(items: list[Any]) -> None:
    if len(set(items)) != len(items):
        raise ValidationError("names something twice")


def _filled(size: int) -> validate.And:
    return validate.And(validate.Length(max=size), _not_blank)


def _key(**options: Any) -> fields.String:
    return fields.String(validate=KEY, **options)


def _name(required: bool = True) -> fields.String:
    return fields.String(required=required, validate=_filled(120) if required else validate.Length(max=120))


def _text(required: bool = False) -> fields.String:
    return fields.String(required=required, validate=_filled(LONG) if required else validate.Length(max=LONG))


def _words(size: int) -> fields.List[Any]:
    word = fields.String(validate=_filled(size))
    return fields.List(word, validate=[validate.Length(max=50), _distinct])


def _keys() -> fields.List[Any]:
    return fields.List(_key(), validate=[validate.Length(max=50), _distinct])


def _word_of(*words: str) -> fields.String:
    return fields.String(validate=validate.OneOf(words, error="must be one of: {choices}"))


def _feeling() -> fields.Integer:
    within = validate.Range(-2, 2, error="must be a whole number from -2 to 2")
    return fields.Integer(strict=True, allow_none=True, validate=within)


class ServiceSchema(Schema):
    stakeholder = _key(required=True)
    service = _text()


class StakeholderSchema(Schema):
    key = _key(required=True)
    name = _name()
    description = _text()
    serves = fields.List(fields.Nested(ServiceSchema))


class PersonaSchema(Schema):
    key = _key(required=True)
    name = _name()
    description = _text()
    details = fields.Dict(keys=_word_of(*PERSONA_GROUPS), values=_text())


class TouchpointSchema(Schema):
    key = _key(required=True)
    name = _name()
    channel = fields.String(
        required=True, validate=validate.OneOf(CHANNELS, error="must be one of: {choices}")
    )
    customer_name = _name(required=False)
    description = _text()
    owners = _keys()
    stage = _word_of(*STAGES)
    measurable = Flag()
    feedback_enabled = Flag()
    form_enabled = Flag()
    expectation = _text()
    expected_result = _text()
    systems = _words(120)
    tags = _words(60)


class ExpectationSchema(Schema):
    value = _feeling()
    text = _text()


class StepSchema(Schema):
    key = _key(required=True)
    name = _name()
    customer_name = _name(required=False)
    action = _text()
    actor = _word_of(*ACTORS)
    touchpoint = _key(allow_none=True)
    milestone = Flag()
    moment_of_truth = Flag()
    expectation = _feeling()
    expectation_text = _text()
    expectations = fields.Dict(keys=_key(), values=fields.Nested(ExpectationSchema))
    notes = _text()


class PhaseSchema(Schema):
    key = _key()
    name = _name()
    steps = fields.List(fields.Nested(StepSchema))


class AskingSchema(Schema):
    """Which share of the ways through the journey is asked at which step."""

    mode = _word_of(*MODES)
    shares = fields.Dict(
        keys=_key(),
        values=fields.Float(validate=validate.Range(0, 1_000_000)),
        validate=validate.Length(max=500),
        metadata={
            "description": "Weights by step (`end`: the question about the whole journey); none: equal."
        },
    )

    @validates_schema
    def check_shares(self, data: dict[str, Any], **_kwargs: Any) -> None:
        shares = data.get("shares", {})
        if shares and data.get("mode") == "end":
            raise ValidationError("have no use where only the end is asked", "shares")
        if shares and not any(shares.values()):
            raise ValidationError("must not all be 0", "shares")


QUESTIONS = tuple(sorted({metric for kind in KINDS.values() for metric in kind.metrics}))
"""The metric keys that a journey may be read by: each names one question."""


class JourneySchema(Schema):
    key = _key(required=True)
    name = _name()
    definition = _text(required=True)
    customer_goal = _text(required=True)
    business_goal = _text(required=True)
    scenario = _name(required=False)
    expected_result = _text()
    state = _word_of(*STATES)
    variant_of = _key(allow_none=True)
    personas = _keys()
    abandoned_after_days = fields.Integer(strict=True, validate=validate.Range(1, 3650))
    asking = fields.Nested(AskingSchema)
    metric = fields.String(allow_none=True, validate=validate.OneOf(QUESTIONS))
    phases = fields.List(fields.Nested(PhaseSchema))


class DocumentSchema(Schema):
    """The four sections that a journey file may have."""

    stakeholders = fields.List(fields.Nested(StakeholderSchema))
    personas = fields.List(fields.Nested(PersonaSchema))
    touchpoints = fields.List(fields.Nested(TouchpointSchema))
    journeys = fields.List(fields.Nested(JourneySchema))
