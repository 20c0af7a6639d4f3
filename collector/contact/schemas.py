"""The wire of contact policies: unknown names, impossible numbers and unknown time zones are refused by name."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, validate, validates, validates_schema

from collector.bodies import Flag
from collector.contact.policy import MESSAGE_CHANNELS
from collector.journeys import CHANNELS

CHANNEL = validate.OneOf(CHANNELS, error="must be one of: {choices}")
TEN_YEARS = 3650
WORDS = validate.Length(1, 50)


def _days() -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(0, TEN_YEARS))


def _count(least: int) -> fields.Integer:
    return fields.Integer(strict=True, allow_none=True, validate=validate.Range(least))


def _flag() -> fields.Boolean:
    return Flag()


class WaitsSchema(Schema):
    after_answer = _days()
    after_decline = _days()
    after_ignore = _days()


class BudgetSchema(Schema):
    asks = fields.Integer(required=True, strict=True, validate=validate.Range(1))
    days = fields.Integer(required=True, strict=True, validate=validate.Range(1, TEN_YEARS))
    reserved = fields.Integer(load_default=0, strict=True, validate=validate.Range(0))

    @validates_schema
    def check_reserved(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("reserved", 0) > data.get("asks", 0):
            raise ValidationError("must not be more than `asks`", "reserved")


class ChannelRuleSchema(Schema):
    allowed = _flag()
    days_between = _days()


ConsentSchema = Schema.from_dict({channel: _flag() for channel in MESSAGE_CHANNELS}, name="ConsentSchema")


class QuietHoursSchema(Schema):
    start = fields.String(required=True, data_key="from")
    end = fields.String(required=True, data_key="to")

    @validates("start", "end")
    def check_time(self, value: str, **_kwargs: Any) -> None:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise ValidationError("must be a time of day such as 20:00")


class OnlySchema(Schema):
    channels = fields.List(fields.String(validate=CHANNEL), validate=WORDS)
    personas = fields.List(fields.String(), validate=WORDS)
    locales = fields.List(fields.String(), validate=WORDS)
    attributes = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Raw(), validate=WORDS),
        validate=validate.Length(1, 20),
    )


class SurveyPolicySchema(Schema):
    """What a survey may set for itself."""

    this_survey = fields.Nested(WaitsSchema)
    all_surveys = fields.Nested(WaitsSchema)
    reserved = _flag()
    per_journey_instance = _count(1)
    channels = fields.Dict(keys=fields.String(validate=CHANNEL), values=fields.Nested(ChannelRuleSchema))
    survey_cap_per_day = _count(0)
    sample = fields.Float(validate=validate.Range(0, 1))
    remind_later = fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, 30))
    only_whom = fields.Nested(OnlySchema, data_key="only")


class WorkspacePolicySchema(SurveyPolicySchema):
    """What holds for the whole workspace, unless a survey says otherwise."""

    class Meta:
        exclude = ("reserved", "only_whom")

    reserved_surveys = fields.Nested(WaitsSchema)
    budget = fields.Nested(BudgetSchema, allow_none=True)
    consent = fields.Nested(ConsentSchema)
    cap_per_day = _count(0)
    quiet_hours = fields.Nested(QuietHoursSchema, allow_none=True)
    timezone = fields.String()
    mask_comments = _flag()
    allow_personal_data = _flag()

    @validates("timezone")
    def check_timezone(self, value: str, **_kwargs: Any) -> None:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValidationError("must be the name of a time zone such as Europe/Berlin") from None


class PolicyField(fields.Field[dict[str, Any]]):
    """A policy inside another document: checked, and kept as it was written."""

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schema_class = schema

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError("must be a mapping")
        wrong = self.schema_class().validate(value)
        if wrong:
            raise ValidationError(wrong)
        return value
