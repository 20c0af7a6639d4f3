"""The wire of a dashlet, and the form that shares a page."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from collector.dashboard.shares import LIFETIMES
from collector.dashboard.touchpoint_page import TouchpointPage


class ShareForm(Schema):
    class Meta:
        unknown = EXCLUDE

    days = fields.Integer(load_default=90)
    good_for = fields.Integer(required=True, validate=validate.OneOf(LIFETIMES))
    note = fields.String(load_default="", validate=validate.Length(max=120))


class DashletPoint(Schema):
    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    n = fields.Integer(allow_none=True)
    score = fields.Float(allow_none=True)


class DashletOut(Schema):
    touchpoint = fields.String()
    name = fields.String()
    channel = fields.String()
    owners = fields.List(fields.String())
    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    metric = fields.String(allow_none=True)
    n = fields.Integer(allow_none=True)
    score = fields.Float(allow_none=True)
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)
    before = fields.Float(allow_none=True)
    response_rate = fields.Float(allow_none=True)
    low_base = fields.Boolean()
    trend = fields.List(fields.Nested(DashletPoint))


def dashlet(page: TouchpointPage) -> dict[str, Any]:
    """A touchpoint's page as the dashlet that other systems read; without answers n is 0 and score null."""
    reading, period = page.reading, page.chosen.period
    shown = reading.figure if reading else None
    return {
        "touchpoint": page.touchpoint.key,
        "name": page.touchpoint.name,
        "channel": page.touchpoint.channel,
        "owners": [owner.name for owner in page.owners],
        "first": period.first,
        "last": period.last,
        "metric": reading.metric.key if reading else None,
        "n": shown.n if shown else 0,
        "score": _round(shown.value if shown else None),
        "low": _round(shown.low if shown else None),
        "high": _round(shown.high if shown else None),
        "before": _round(reading.before if reading else None),
        "response_rate": _round(reading.response_rate if reading else None),
        "low_base": shown.low_base if shown else True,
        "trend": [
            {
                "first": each.period.first,
                "last": each.period.last,
                "n": each.figure.n,
                "score": _round(each.figure.value),
            }
            for each in page.trend
        ],
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 6) + 0.0
