"""The wire of ``GET /api/v1/kpis`` and ``GET /api/v1/verdicts``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from collector import days, responses, values
from collector.kpis.cube import INTERVALS
from collector.kpis.figures import GROUPS, Line
from collector.kpis.verdicts import Verdict, Verdicts
from collector.statistics import WEIGHTS
from collector.surveys import TARGETS


class Day(fields.Field[date | datetime]):
    """A day (``2026-11-21``) or a time with an offset, of which the day in the workspace's zone counts: see ``in_zone``."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> date | datetime:
        try:
            day = self._read(value)
        except (TypeError, ValueError):
            raise ValidationError("must be a day (2026-11-21) or a time with an offset") from None
        if not values.in_calendar(day):
            raise ValidationError(f"must lie in the years {values.FIRST_YEAR} to {values.LAST_YEAR}")
        return day

    @staticmethod
    def _read(value: Any) -> date | datetime:
        if len(str(value)) == 10:
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValidationError("a time needs an offset, for example Z")
        return moment


def in_zone(query: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """A query of which all times are the days on which they lie in a zone."""
    return {
        name: days.day_of(value, zone) if isinstance(value, datetime) else value
        for name, value in query.items()
    }


class KpiQuery(Schema):
    metric = fields.String(required=True)
    touchpoint = fields.String(load_default=None)
    journey = fields.String(load_default=None)
    channel = fields.String(load_default=None)
    persona = fields.String(load_default=None)
    variant = fields.String(load_default=None)
    since = Day(load_default=None, data_key="from", metadata={"type": "string", "description": "first day"})
    until = Day(load_default=None, data_key="to", metadata={"type": "string", "description": "last day"})
    interval = fields.String(load_default=None, validate=validate.OneOf(INTERVALS))
    group_by = fields.String(load_default=None, validate=validate.OneOf(GROUPS))
    source = fields.String(load_default="solicited", validate=validate.OneOf(["solicited", "volunteered"]))
    respondent = fields.String(load_default="customer", validate=validate.OneOf(responses.RESPONDENTS))
    target = fields.String(
        load_default="touchpoint",
        validate=validate.OneOf(TARGETS),
        metadata={"description": "what the answers are about"},
    )
    series = fields.UUID(load_default=None, metadata={"description": "one series alone"})


class PointOut(Schema):
    start = fields.Date(data_key="from", allow_none=True)
    end = fields.Date(data_key="to", allow_none=True)
    n = fields.Integer(allow_none=True)
    score = fields.Float(allow_none=True)
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)
    mean = fields.Float(allow_none=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    is_cut = fields.Boolean(
        data_key="partial",
        metadata={"description": "The bucket is longer than what of it lies in the period."},
    )
    low_base = fields.Boolean()
    hidden = fields.Boolean()


class LineOut(Schema):
    """One group's figures of one series; never a sum over series."""

    group = fields.String(allow_none=True)
    series_id = fields.UUID(allow_none=True)
    since = fields.Date(allow_none=True, metadata={"description": "the day on which the series began"})
    broken_by = fields.List(fields.String(), metadata={"description": "what ended the series before it"})
    source = fields.String(allow_none=True)
    points = fields.List(fields.Nested(PointOut))


class DefinitionOut(Schema):
    key = fields.String()
    name = fields.String()
    formula = fields.String()
    unit = fields.String()
    scale = fields.String()
    direction = fields.String()
    reading = fields.String()
    source = fields.String()


class KpisOut(Schema):
    metric = fields.String()
    definition = fields.Nested(DefinitionOut)
    series = fields.List(fields.Nested(LineOut))


class VerdictsQuery(Schema):
    journey = fields.String(load_default=None)
    since = Day(load_default=None, data_key="from", metadata={"type": "string", "description": "first day"})
    until = Day(load_default=None, data_key="to", metadata={"type": "string", "description": "last day"})


class ContactsQuery(Schema):
    journey = fields.String(required=True)
    since = Day(load_default=None, data_key="from", metadata={"type": "string", "description": "first day"})
    until = Day(load_default=None, data_key="to", metadata={"type": "string", "description": "last day"})


class ContactShareOut(Schema):
    count = fields.Integer()
    base = fields.Integer(metadata={"description": "0 where fewer than five"})
    value = fields.Float(allow_none=True, metadata={"description": "percent"})
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)


class ResolvedOut(ContactShareOut):
    touchpoint = fields.String()


class ContactsOut(Schema):
    journey = fields.String()
    ways = fields.Integer()
    read = fields.Integer()
    again_within_days = fields.Integer()
    leaked = fields.Nested(ContactShareOut)
    resolved = fields.List(fields.Nested(ResolvedOut))


class ComparedOut(Schema):
    journey = fields.String()
    family = fields.String(validate=validate.OneOf(list(WEIGHTS)))
    comparisons = fields.Integer()
    n_least = fields.Integer()


class VerdictOut(Schema):
    kind = fields.String(validate=validate.OneOf(list(WEIGHTS)))
    journey = fields.String()
    of = fields.Dict(keys=fields.String(), values=fields.String())
    against = fields.Dict(keys=fields.String(), values=fields.String())
    metric = fields.String()
    series_id = fields.UUID()
    n = fields.List(fields.Integer())
    estimate = fields.Float()
    shrunken = fields.Float()
    low = fields.Float()
    high = fields.Float()
    owners = fields.List(fields.String())


class VerdictsOut(Schema):
    compared = fields.List(fields.Nested(ComparedOut))
    verdicts = fields.List(fields.Nested(VerdictOut))


def verdicts_dict(found: Mapping[str, Verdicts]) -> dict[str, Any]:
    """The verdicts of each journey in wire form, and what they were looked for among."""
    return {
        "compared": [
            {"journey": key, "family": each.kind, "comparisons": each.comparisons, "n_least": each.n_least}
            for key, stated in found.items()
            for each in stated.compared
        ],
        "verdicts": [_verdict(key, each) for key, stated in found.items() for each in stated.verdicts],
    }


def _verdict(journey: str, verdict: Verdict) -> dict[str, Any]:
    subject = verdict.subject
    return {
        "kind": verdict.kind,
        "journey": journey,
        "of": subject.of,
        "against": subject.against,
        "metric": verdict.metric.key,
        "series_id": subject.series_id,
        "n": list(verdict.n),
        **{name: _round(getattr(verdict, name)) for name in ("estimate", "shrunken", "low", "high")},
        "owners": list(subject.owners),
    }


def line_dict(line: Line, zone: str) -> dict[str, Any]:
    """A line in wire form; figures are rounded to six decimals, enough for any reader and stable to compare."""
    series = line.series
    return {
        "group": line.group,
        "series_id": series.series_id if series else None,
        "since": days.day_of(series.started_at, zone) if series else None,
        "broken_by": series.broken_by if series else [],
        "source": line.source,
        "points": [_point(point) for point in line.points],
    }


def _point(point: Any) -> dict[str, Any]:
    figure = point.figure
    rounded = {name: _round(getattr(figure, name)) for name in ("low", "high", "mean")}
    return {
        "start": point.start,
        "end": point.end,
        "n": figure.n,
        "score": _round(figure.value),
        **rounded,
        "counts": {str(score): n for score, n in figure.counts.items()},
        "is_cut": point.is_cut,
        "low_base": figure.low_base,
        "hidden": figure.hidden,
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 6) + 0.0
