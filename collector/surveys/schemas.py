"""The wire of surveys: the ``surveys`` section of a file and ``/api/v1/surveys``."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from collector.surveys.models import MODES, STATES
from collector.surveys.policy_schema import PolicyField, SurveyPolicySchema

KEY = validate.Regexp(
    r"[a-z0-9][a-z0-9_.-]{0,63}\Z", error="must be a key: a-z, 0-9, '_', '.', '-', at most 64"
)


class SurveyIn(Schema):
    key = fields.String(required=True, validate=KEY)
    template = fields.String(required=True, validate=KEY)
    touchpoint = fields.String(required=True, validate=KEY)
    journey = fields.String(load_default=None, allow_none=True, validate=KEY)
    mode = fields.String(load_default="permanent", validate=validate.OneOf(MODES))
    state = fields.String(load_default="published", validate=validate.OneOf(STATES))
    subject = fields.String(load_default="", validate=validate.Length(max=120))
    starts_at = fields.AwareDateTime(load_default=None, allow_none=True, data_key="from")
    ends_at = fields.AwareDateTime(load_default=None, allow_none=True, data_key="to")
    quota = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1))
    policy = PolicyField(SurveyPolicySchema, load_default=dict)

    @validates_schema
    def check_window(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("starts_at") and data.get("ends_at") and data["starts_at"] >= data["ends_at"]:
            raise ValidationError("must lie behind `from`", "to")


class SurveysIn(Schema):
    surveys = fields.List(fields.Nested(SurveyIn), required=True, validate=validate.Length(1, 1000))


class SurveyOut(Schema):
    key = fields.String()
    template = fields.String()
    touchpoint = fields.String()
    journey = fields.String(allow_none=True)
    mode = fields.String()
    state = fields.String()
    version = fields.Integer()
    starts_at = fields.AwareDateTime(allow_none=True, data_key="from")
    ends_at = fields.AwareDateTime(allow_none=True, data_key="to")
    quota = fields.Integer(allow_none=True)


class SurveysOut(Schema):
    surveys = fields.List(fields.Nested(SurveyOut))


class PlanOut(Schema):
    created = fields.List(fields.String())
    versioned = fields.List(fields.String())
    changed = fields.List(fields.String())
    unchanged = fields.List(fields.String())
