"""What the API asks and answers around the definitions of ``schemas``: pages, plans, revisions, changes."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from collector.bodies import KEY, Moment
from collector.changes import LARGEST_PAGE, PAGE
from collector.journeys import schemas
from collector.journeys.commands import FACTS
from collector.journeys.definitions import CHANNELS, STAGES
from collector.journeys.formats import FORMATS, Options


class _Stored(Schema):
    revision = fields.Integer(metadata={"description": "Goes up with each change; send it back with yours."})
    archived_at = Moment(allow_none=True)


class StakeholderOut(schemas.StakeholderSchema, _Stored): ...


class PersonaOut(schemas.PersonaSchema, _Stored): ...


class TouchpointOut(schemas.TouchpointSchema, _Stored): ...


class JourneyOut(schemas.JourneySchema):
    version = fields.Integer(metadata={"description": "Goes up with each change; send it back with yours."})
    archived_at = Moment(allow_none=True)
    applied_at = Moment()
    applied_by = fields.String()


class JourneySummaryOut(Schema):
    """A journey in a list: what it is, without its steps."""

    key = fields.String()
    name = fields.String()
    definition = fields.String()
    scenario = fields.String()
    state = fields.String()
    variant_of = fields.String(allow_none=True)
    personas = fields.List(fields.String())
    touchpoints = fields.List(fields.String(), metadata={"description": "In the customer's order."})
    steps = fields.Integer(attribute="step_count")
    version = fields.Integer()
    archived_at = Moment(allow_none=True)
    applied_at = Moment()
    applied_by = fields.String()


class _Sent(Schema):
    revision = fields.Integer(
        strict=True,
        validate=validate.Range(1),
        metadata={"description": "What you read it at (of a journey: its version); or send If-Match."},
    )


class StakeholderIn(schemas.StakeholderSchema, _Sent):
    key = fields.String(validate=KEY)


class PersonaIn(schemas.PersonaSchema, _Sent):
    key = fields.String(validate=KEY)


class TouchpointIn(schemas.TouchpointSchema, _Sent):
    key = fields.String(validate=KEY)


class JourneyIn(schemas.JourneySchema, _Sent):
    key = fields.String(validate=KEY)


def _rising(scale: list[float]) -> None:
    if len(scale) != 2 or not scale[0] < scale[1]:
        raise ValidationError("must be the lowest and the highest value")


class RevisionQuery(Schema):
    revision = fields.Integer(validate=validate.Range(1))


class PageQuery(Schema):
    search = fields.String(load_default="", validate=validate.Length(max=120))
    archived = fields.Boolean(load_default=False)
    after = fields.String(data_key="cursor", load_default="", validate=validate.Length(max=64))
    limit = fields.Integer(load_default=PAGE, validate=validate.Range(1, LARGEST_PAGE))


class TouchpointQuery(PageQuery):
    channel = fields.String(load_default=None, validate=validate.OneOf(CHANNELS))
    stage = fields.String(load_default=None, validate=validate.OneOf(STAGES))
    owner = fields.String(load_default=None, validate=KEY)
    tag = fields.String(load_default=None, validate=validate.Length(max=60))
    system = fields.String(load_default=None, validate=validate.Length(max=120))
    unowned = fields.Boolean(load_default=False)


class JourneyQuery(PageQuery):
    scenario = fields.String(load_default=None, validate=validate.Length(max=120))
    persona = fields.String(load_default=None, validate=KEY)
    owner = fields.String(load_default=None, validate=KEY)
    touchpoint = fields.String(load_default=None, validate=KEY)


class VersionQuery(Schema):
    version = fields.Integer(load_default=None, validate=validate.Range(1))


def page_of(name: str, item: type[Schema]) -> type[Schema]:
    """A schema of ``{name: [items], "next": cursor or null}``."""
    parts: dict[str, Any] = {
        name: fields.List(fields.Nested(item), attribute="items"),
        "next": fields.String(allow_none=True, metadata={"description": "Send it as `cursor`."}),
    }
    return type(f"{name.capitalize()}Page", (Schema,), parts)


def patch_of(whole: type[Schema]) -> Schema:
    """The same fields, none of them needed; under a name of its own in the OpenAPI document."""
    schema: Schema = type(whole.__name__.replace("In", "Patch"), (whole,), {})(partial=True)
    return schema


class JourneyApplyIn(schemas.DocumentSchema):
    dry_run = fields.Boolean(load_default=False, metadata={"description": "Show the plan, change nothing."})


class JourneyPlanItemOut(Schema):
    noun = fields.String()
    key = fields.String()
    verb = fields.String()
    number = fields.Integer(metadata={"description": "Its revision or version afterwards."})
    changes = fields.List(fields.String())


class JourneyPlanOut(Schema):
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    items = fields.List(fields.Nested(JourneyPlanItemOut))


class JourneyVersionMarkOut(Schema):
    version = fields.Integer()
    applied_at = Moment()
    applied_by = fields.String()


class JourneyVersionsOut(Schema):
    versions = fields.List(fields.Nested(JourneyVersionMarkOut))


class JourneyLossOut(Schema):
    field = fields.String()
    count = fields.Integer()
    note = fields.String()
    said = fields.List(
        fields.String(), metadata={"description": "What the file says there and we do not keep."}
    )


class ExportQuery(Schema):
    format = fields.String(load_default="yaml", validate=validate.OneOf(["yaml", *FORMATS]))
    journey = fields.String(load_default=None, validate=KEY)


class JourneyExportOut(Schema):
    text = fields.String()
    losses = fields.List(fields.Nested(JourneyLossOut))


class JourneyImportIn(Schema):
    format = fields.String(required=True, validate=validate.OneOf(list(FORMATS)))
    text = fields.String(required=True)
    filename = fields.String(load_default="import", validate=validate.Length(1, 200))
    journey = fields.String(load_default="", validate=KEY)
    facts = fields.Dict(
        keys=fields.String(validate=validate.OneOf(FACTS)),
        values=fields.String(validate=validate.Length(max=schemas.LONG)),
        load_default=dict,
        metadata={"description": "What the file does not say: definition, goals ..."},
    )
    channels = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.OneOf(CHANNELS)), load_default=dict
    )
    columns = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    lanes = fields.Boolean(load_default=False)
    scale = fields.List(
        fields.Float(),
        load_default=None,
        validate=_rising,
        metadata={"description": "Their lowest and highest score, where not the format's own."},
    )
    dry_run = fields.Boolean(load_default=False)


class JourneyImportOut(Schema):
    plan = fields.Nested(JourneyPlanOut)
    losses = fields.List(fields.Nested(JourneyLossOut))


def options(given: dict[str, Any]) -> Options:
    """What the importer says beside the file."""
    scale = tuple(given["scale"]) if given["scale"] else None
    return Options(
        given["journey"], given["facts"], given["channels"], given["columns"], given["lanes"], scale
    )
