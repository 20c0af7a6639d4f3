"""The wire of a quarter's report."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from collector.bodies import Moment
from collector.insights.models import Insight, Recovery
from collector.insights.report import Report
from collector.insights.schemas import RecoveryOut, recovery_dict


class QuarterQuery(Schema):
    quarter = fields.String(
        load_default="",
        validate=validate.Length(max=7),
        metadata={"description": "`2026-Q3`; without it the last one that is over"},
    )


class HurtOut(Schema):
    kind = fields.String()
    journey = fields.String()
    of = fields.Dict(keys=fields.String(), values=fields.String())
    against = fields.Dict(keys=fields.String(), values=fields.String())
    metric = fields.String()
    n = fields.List(fields.Integer())
    estimate = fields.Float()
    shrunken = fields.Float()
    low = fields.Float()
    high = fields.Float()


class DoneOut(Schema):
    action_id = fields.UUID()
    insight_id = fields.UUID()
    insight = fields.String()
    title = fields.String()
    owner = fields.String()
    result = fields.String()
    done_at = Moment()


class CameOfOut(RecoveryOut):
    insight_id = fields.UUID()
    insight = fields.String()
    touchpoint = fields.String()


class LookedAtOut(Schema):
    journey = fields.String()
    family = fields.String()
    comparisons = fields.Integer()
    n_least = fields.Integer()


class QuarterOut(Schema):
    """What hurt, what was done, what came of it; recoveries as they are known today."""

    quarter = fields.String()
    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    zone = fields.String()
    hurt = fields.List(fields.Nested(HurtOut))
    compared = fields.List(fields.Nested(LookedAtOut))
    filed = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "Insights by their state now"}
    )
    done = fields.List(fields.Nested(DoneOut))
    recoveries = fields.List(fields.Nested(CameOfOut))


def report_dict(found: Report, zone: str) -> dict[str, Any]:
    """A report in wire form."""
    return {
        "quarter": str(found.quarter),
        "first": found.quarter.first,
        "last": found.quarter.last,
        "zone": zone,
        "hurt": [_hurt(each.journey, each.verdict) for each in found.hurt],
        "compared": [
            {"journey": key, "family": each.kind, "comparisons": each.comparisons, "n_least": each.n_least}
            for key, each in found.compared
        ],
        "filed": found.filed,
        "done": [_with(action, insight, DoneOut) for action, insight in found.done],
        "recoveries": [_came_of(recovery, insight) for recovery, insight in found.recoveries],
    }


def _hurt(journey: str, verdict: Any) -> dict[str, Any]:
    numbers = {name: round(getattr(verdict, name), 6) for name in ("estimate", "shrunken", "low", "high")}
    subject = verdict.subject
    return {"kind": verdict.kind, "journey": journey, "of": subject.of, "against": subject.against} | {
        "metric": verdict.metric.key, "n": list(verdict.n), **numbers
    }  # fmt: skip


def _came_of(recovery: Recovery, insight: Insight) -> dict[str, Any]:
    of = {"insight_id": insight.insight_id, "insight": insight.title, "touchpoint": recovery.touchpoint}
    return recovery_dict(recovery, insight) | of


def _with(row: Any, insight: Any, schema: type[Schema]) -> dict[str, Any]:
    names = set(schema._declared_fields) - {"insight"}
    return {name: getattr(row, name) for name in names} | {"insight": insight.title}
