"""The wire of surveys: the ``surveys`` section of a file and ``/api/v1/surveys``."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from collector import values
from collector.bodies import KEY, Flag, Moment
from collector.contact import PolicyField, SurveyPolicySchema
from collector.instruments import SubjectField
from collector.surveys.models import MODES, STATES, TARGETS


class SurveyIn(Schema):
    key = fields.String(required=True, validate=KEY)
    template = fields.String(required=True, validate=KEY)
    touchpoint = fields.String(
        load_default=None,
        allow_none=True,
        validate=KEY,
        metadata={"description": "Where it is asked; without one, at the end of the journey."},
    )
    journey = fields.String(load_default=None, allow_none=True, validate=KEY)
    target = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(TARGETS),
        metadata={
            "description": "What its answers are about: without one, the journey at its end, else the touchpoint."
        },
    )
    mode = fields.String(load_default="permanent", validate=validate.OneOf(MODES))
    state = fields.String(
        load_default=None,
        validate=validate.OneOf(STATES),
        metadata={"description": "Without one: published when new, else as it is."},
    )
    subject = SubjectField(
        load_default="",
        metadata={
            "type": ["string", "object"],
            "maxLength": 120,
            "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 120},
            "description": "What `{subject}` stands for: one text, right for a name, or one per language; in a "
            "language without one nobody is asked.",
        },
    )
    starts_at = Moment(load_default=None, allow_none=True, data_key="from")
    ends_at = Moment(load_default=None, allow_none=True, data_key="to")
    quota = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, values.LARGEST_COUNT)
    )
    policy = PolicyField(SurveyPolicySchema, load_default=dict)
    same_meaning = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 400),
        metadata={"description": "Why a change of words changes no meaning; keeps the metric series."},
    )

    @validates_schema
    def check_window(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("starts_at") and data.get("ends_at") and data["starts_at"] >= data["ends_at"]:
            raise ValidationError("must lie behind `from`", "to")

    @validates_schema
    def check_target(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """An answer can only be about a journey that the survey names."""
        if data.get("target") == "journey" and not data.get("journey"):
            raise ValidationError("needs a `journey` that its answers are about", "target")

    @validates_schema
    def check_mode(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A mode that would do nothing is refused, so that what stands in a file is what happens."""
        if data.get("mode") == "temporary" and not data.get("ends_at") and not data.get("quota"):
            raise ValidationError("needs an end: `to`, or a `quota`", "mode")


def entry(given: dict[str, Any]) -> dict[str, Any]:
    """One survey as ``apply`` takes it, all that is not given as it is without; raises ValidationError."""
    loaded: dict[str, Any] = SurveyIn().load(given)
    return loaded


class SurveysIn(Schema):
    surveys = fields.List(fields.Nested(SurveyIn), required=True, validate=validate.Length(1, 1000))


class ApplyIn(SurveysIn):
    confirm_break = Flag(load_default=False)


class StateIn(Schema):
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class SurveyOut(Schema):
    key = fields.String()
    template = fields.String()
    touchpoint = fields.String()
    journey = fields.String(allow_none=True)
    target = fields.String(validate=validate.OneOf(TARGETS))
    mode = fields.String()
    state = fields.String()
    version = fields.Integer()
    starts_at = Moment(allow_none=True, data_key="from")
    ends_at = Moment(allow_none=True, data_key="to")
    quota = fields.Integer(allow_none=True)
    answered = fields.Integer(metadata={"description": "Solicited answers since there is a quota."})
    policy = fields.Dict()


class OneSurveyOut(SurveyOut):
    subject = fields.Raw(
        metadata={
            "type": ["string", "object"],
            "description": "What its question is about: one text, or one per language.",
        },
    )


class SurveysOut(Schema):
    surveys = fields.List(fields.Nested(SurveyOut))
    next = fields.String(allow_none=True, metadata={"description": "Send it as `cursor`."})


class SurveysQuery(Schema):
    after = fields.String(data_key="cursor", load_default="", validate=validate.Length(max=64))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class PlanOut(Schema):
    created = fields.List(fields.String())
    versioned = fields.List(fields.String())
    changed = fields.List(fields.String())
    unchanged = fields.List(fields.String())
    breaks = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={
            "description": "survey -> what ended its series: kind, scale, direction, layout, wording ..."
        },
    )
    without_subject = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={
            "description": "survey -> languages in which nobody is asked, as `subject` has no text there"
        },
    )


class SeriesOut(Schema):
    series_id = fields.UUID()
    metric = fields.String()
    started_at = Moment()
    follows = fields.UUID(allow_none=True)
    broken_by = fields.List(fields.String())


class VersionOut(Schema):
    version = fields.Integer()
    subject = fields.Raw(
        attribute="definition.subject",
        metadata={"type": ["string", "object"], "description": "One text, or one per language."},
    )
    series_id = fields.UUID()
    note = fields.String()
    created_at = Moment()
    created_by = fields.String()


class HistoryOut(Schema):
    series = fields.List(fields.Nested(SeriesOut))
    versions = fields.List(fields.Nested(VersionOut))
