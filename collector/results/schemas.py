"""The wire of runs: ``/api/v1/runs``."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from collector import values
from collector.bodies import KEY, Moment
from collector.communities.runs import DESIGNS, DIRECTIONS, KINDS, STATES
from collector.instruments import SubjectField
from collector.results.picture_schemas import PictureOut

MOST_VARIANTS = 10
NAME = validate.Length(1, 200)


class VariantSchema(Schema):
    key = fields.String(required=True, validate=KEY)
    name = fields.String(load_default="", validate=validate.Length(max=200))
    share = fields.Float(
        load_default=1.0,
        validate=validate.Range(0, 1_000_000, min_inclusive=False),
        metadata={"description": "Its part of the customers, beside the others'."},
    )


class HypothesisSchema(Schema):
    measure = fields.String(
        required=True,
        validate=validate.Regexp(r"[a-z0-9][a-z0-9_.\-]{0,104}\Z", error="must be the key of a measure"),
        metadata={
            "description": "The survey's metric, `sus`, `umux_lite`, the id of another question, `question.option`, or `question.hit`."
        },
    )
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    direction = fields.String(load_default="above", validate=validate.OneOf(DIRECTIONS))
    value = fields.Float(
        required=True,
        metadata={"description": "The threshold, or the difference worth finding, in the measure's unit."},
    )
    variant = fields.String(load_default=None, allow_none=True, validate=KEY)
    against = fields.String(load_default=None, allow_none=True, validate=KEY)

    @validates_schema
    def check_sides(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("kind") != "difference":
            return
        if not data.get("variant") or not data.get("against") or data["variant"] == data["against"]:
            raise ValidationError("compares two variants: name `variant` and `against`", "variant")
        if not data.get("value"):
            raise ValidationError("must be a difference worth finding, not 0", "value")


class CellsSchema(Schema):
    attribute = fields.String(required=True, validate=validate.Regexp(r"[a-z][a-z0-9_]{0,39}\Z"))
    quotas = fields.Dict(
        keys=fields.String(validate=NAME),
        values=fields.Integer(strict=True, validate=validate.Range(1, values.LARGEST_COUNT)),
        required=True,
        validate=validate.Length(1, 100),
    )


class DraftSchema(Schema):
    """What may be said of a run while it is a draft."""

    name = fields.String(required=True, validate=NAME)
    assumption = fields.String(load_default="", validate=validate.Length(max=1000))
    panel = fields.String(load_default=None, allow_none=True, validate=KEY)
    audience = fields.Dict(
        data_key="only",
        attribute="only",
        keys=fields.String(validate=validate.Regexp(r"[a-z][a-z0-9_]{0,39}\Z")),
        values=fields.List(fields.String(validate=NAME), validate=validate.Length(1, 100)),
        load_default=dict,
        metadata={"description": "attribute -> the values that the audience has."},
    )
    sample = fields.Float(load_default=1.0, validate=validate.Range(0, 1, min_inclusive=False))
    cells = fields.Nested(CellsSchema, load_default=dict)
    variants = fields.List(
        fields.Nested(VariantSchema), load_default=list, validate=validate.Length(max=MOST_VARIANTS)
    )
    hypotheses = fields.List(
        fields.Nested(HypothesisSchema), load_default=list, validate=validate.Length(max=10)
    )
    design = fields.String(load_default="fixed", validate=validate.OneOf(DESIGNS))
    n = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(5, values.LARGEST_COUNT),
        metadata={
            "description": "Fixed design: how many answers (of each variant) decide; the planned number if not said."
        },
    )
    starts_at = Moment(load_default=None, allow_none=True, data_key="from")
    ends_at = Moment(load_default=None, allow_none=True, data_key="to")

    @validates_schema
    def check_window(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("starts_at") and data.get("ends_at") and data["starts_at"] >= data["ends_at"]:
            raise ValidationError("must lie behind `from`", "to")

    @validates_schema
    def check_variants(self, data: dict[str, Any], **_kwargs: Any) -> None:
        keys = [variant["key"] for variant in data.get("variants", ())]
        if len(keys) == 1 or len(set(keys)) < len(keys):
            raise ValidationError("needs two variants or none, each with a key of its own", "variants")
        named = {
            hypothesis[side]
            for hypothesis in data.get("hypotheses", ())
            for side in ("variant", "against")
            if hypothesis.get(side)
        }
        if strange := sorted(named - set(keys)):
            raise ValidationError(f"names no variant of the run: {', '.join(strange)}", "hypotheses")


class RunIn(DraftSchema):
    key = fields.String(required=True, validate=KEY)
    survey = fields.String(
        load_default=None,
        allow_none=True,
        validate=KEY,
        metadata={"description": "A survey of mode community; without one it is made from `template`."},
    )
    template = fields.String(load_default=None, allow_none=True, validate=KEY)
    touchpoint = fields.String(load_default=None, allow_none=True, validate=KEY)
    journey = fields.String(load_default=None, allow_none=True, validate=KEY)
    subject = SubjectField(load_default="", metadata={"type": ["string", "object"], "maxLength": 120})

    @validates_schema
    def check_survey(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("survey") and not data.get("template"):
            raise ValidationError("name a `survey`, or a `template` to make one from", "survey")


class RunOut(Schema):
    key = fields.String()
    name = fields.String()
    assumption = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    survey = fields.String()
    touchpoint = fields.String()
    journey = fields.String(allow_none=True)
    panel = fields.String(allow_none=True)
    audience = fields.Dict(data_key="only", attribute="only")
    sample = fields.Float()
    cells = fields.Dict()
    variants = fields.List(fields.Nested(VariantSchema))
    hypotheses = fields.List(fields.Nested(HypothesisSchema))
    pictures = fields.List(fields.Nested(PictureOut))
    design = fields.String(validate=validate.OneOf(DESIGNS))
    n = fields.Integer(allow_none=True)
    starts_at = Moment(allow_none=True, data_key="from")
    ends_at = Moment(allow_none=True, data_key="to")
    created_by = fields.String()
    created_at = Moment()
    started_at = Moment(allow_none=True)
    concluded_by = fields.String(allow_none=True)
    concluded_at = Moment(allow_none=True)


class RunsOut(Schema):
    runs = fields.List(fields.Nested(RunOut))
    next = fields.String(allow_none=True, metadata={"description": "Send it as `cursor`."})


class RunsQuery(Schema):
    after = fields.String(data_key="cursor", load_default="", validate=validate.Length(max=64))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    touchpoint = fields.String(load_default=None, validate=KEY)


class RunStepsOut(Schema):
    variant = fields.String(allow_none=True)
    invited = fields.Integer()
    opened = fields.Integer()
    started = fields.Integer()
    finished = fields.Integer()


class RunCellOut(Schema):
    value = fields.String()
    answered = fields.Integer()
    wanted = fields.Integer()
    invited = fields.Integer()
    opened = fields.Integer()
    started = fields.Integer()
    finished = fields.Integer()
    variants = fields.List(fields.Nested(RunStepsOut))


class RunProgressOut(Schema):
    steps = fields.List(fields.Nested(RunStepsOut))
    cells = fields.List(fields.Nested(RunCellOut))


class OneRunOut(RunOut):
    progress = fields.Nested(RunProgressOut)


class RunOutcomeOut(Schema):
    hypothesis = fields.Nested(HypothesisSchema)
    word = fields.String(validate=validate.OneOf(["supported", "refuted", "open", "collecting", "hidden"]))
    sentence = fields.String()
    n = fields.List(fields.Integer())
    missing = fields.Integer(allow_none=True, metadata={"description": "About how many more answers decide."})
    estimate = fields.Float(allow_none=True)
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)
    p = fields.Float(allow_none=True)
    q = fields.Float(allow_none=True, metadata={"description": "p among all hypotheses of the run."})


class RunRatioOut(Schema):
    assigned = fields.Dict(keys=fields.String(), values=fields.Integer())
    p = fields.Float(allow_none=True)
    alarm = fields.Boolean()


class RunVerdictOut(Schema):
    word = fields.String(
        metadata={
            "description": "Of the first hypothesis; `alarm` while the sample ratio alarms, `none` of an open question."
        }
    )
    design = fields.String(validate=validate.OneOf(DESIGNS))
    n = fields.Integer(allow_none=True)
    is_final = fields.Boolean()
    sample_ratio = fields.Nested(RunRatioOut)
    outcomes = fields.List(fields.Nested(RunOutcomeOut))


class ShareOut(Schema):
    key = fields.String()
    share = fields.Float()


class AssignmentOut(Schema):
    run = fields.String()
    touchpoint = fields.String()
    sample = fields.Float()
    variants = fields.List(fields.Nested(ShareOut))
    starts_at = Moment(allow_none=True, data_key="from")
    ends_at = Moment(allow_none=True, data_key="to")


class AssignmentsOut(Schema):
    runs = fields.List(fields.Nested(AssignmentOut))
