"""The wire of outcomes and of KPI values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates, validates_schema

from collector import clock, days, values
from collector.bodies import KEY, Moment
from collector.interactions import NOWHERE
from collector.outcomes import kinds
from collector.outcomes.models import Outcome

REFERENCE = validate.Length(1, 128)
UNIT = validate.Regexp(r"[a-z%][a-z0-9_%/]{0,15}\Z", error="must be 1 to 16 of a-z 0-9 _ % /")
CURRENCY = validate.Regexp(r"[A-Z]{3}\Z", error="must be a currency's three letters, such as EUR")
MOST = 500
INTERNAL, BENCHMARK = "internal", "benchmark"


class Amount(fields.Field[Decimal]):
    """A number of at most four decimals, or true or false; text is read as a number too, so that no digit is lost."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Decimal:
        if isinstance(value, bool):
            return Decimal(value)
        try:
            found = Decimal(str(value)) if isinstance(value, int | float | str) else None
        except InvalidOperation:
            found = None
        if found is None or not found.is_finite():
            raise ValidationError("must be a number, true or false")
        if abs(found) > kinds.LARGEST or found != found.quantize(Decimal("0.0001")):
            raise ValidationError("must have at most four decimals, and lie under a hundred thousand million")
        return found


class OutcomeIn(Schema):
    key = fields.String(required=True, validate=REFERENCE)
    kind = fields.String(required=True, validate=validate.OneOf(kinds.KINDS))
    customer = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 256))
    journey_instance = fields.String(load_default=None, allow_none=True, validate=REFERENCE)
    touchpoint = fields.String(load_default=None, allow_none=True, validate=KEY)
    journey = fields.String(load_default=None, allow_none=True, validate=KEY)
    value = Amount(load_default=None, allow_none=True, metadata={"type": "number"})
    unit = fields.String(load_default=None, allow_none=True, validate=UNIT)
    currency = fields.String(load_default=None, allow_none=True, validate=CURRENCY)
    occurred_at = Moment(load_default=None, allow_none=True)

    @validates("occurred_at")
    def check_occurred_at(self, value: datetime | None, **_kwargs: Any) -> None:
        if value is not None and value > clock.system_clock() + days.A_DAY:
            raise ValidationError("must not lie in the future")

    @validates_schema
    def check_it_is_whole(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["customer"] is None and data["journey_instance"] is None:
            raise ValidationError("needed where no journey_instance is named", "customer")
        if wrong := _contradiction(data):
            raise ValidationError(*wrong)


def _contradiction(data: Mapping[str, Any]) -> tuple[str, str] | None:
    """(what is wrong, field) of an outcome whose value, unit and kind do not go together."""
    kind, value = data["kind"], data["value"]
    if kind in kinds.FLAGS:
        if value not in (None, 0, 1):
            return "must be true or false (1 or 0)", "value"
        return ("has no unit", "unit") if data["unit"] or data["currency"] else None
    if value is None:
        return f"needed for {kind}", "value"
    if (data["unit"] is None) == (data["currency"] is None):
        return "either a currency or a unit is needed, such as hours", "currency"
    return None


class OutcomesIn(Schema):
    outcomes = fields.List(fields.Nested(OutcomeIn), required=True, validate=validate.Length(1, MOST))


class PutOut(Schema):
    taken = fields.Integer(metadata={"description": "New, or with another value than before."})
    unchanged = fields.Integer()
    dropped = fields.Integer(metadata={"description": "Of customers who were erased since."})


class OutcomeOut(Schema):
    key = fields.String()
    kind = fields.String(validate=validate.OneOf(kinds.KINDS))
    customer = fields.String(allow_none=True)
    journey_instance = fields.String(allow_none=True)
    touchpoint = fields.String(allow_none=True)
    journey = fields.String(allow_none=True)
    value = fields.Float()
    unit = fields.String()
    occurred_at = Moment()
    received_at = Moment()


def outcome_dict(row: Outcome) -> dict[str, Any]:
    """An outcome as it goes out."""
    names = ("key", "kind", "customer", "journey_instance", "journey", "unit", "occurred_at", "received_at")
    told = {name: getattr(row, name) for name in names}
    return {**told, "touchpoint": row.touchpoint or None, "value": kinds.shown(row.amount)}


class OutcomesQuery(Schema):
    kind = fields.String(load_default=None, validate=validate.OneOf(kinds.KINDS))
    unmatched = fields.Boolean(
        load_default=False, metadata={"description": "Those alone whose customer nobody has met here."}
    )
    cursor = fields.String(load_default="", validate=validate.Length(max=128))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST))


class OutcomesOut(Schema):
    outcomes = fields.List(fields.Nested(OutcomeOut))
    next = fields.String(allow_none=True, metadata={"description": "Send it as `cursor`."})


class JoinedOut(Schema):
    kind = fields.String()
    unit = fields.String()
    outcomes = fields.Integer()
    looked_at = fields.Integer(
        metadata={"description": "The newest of them, of which it is known who they are."}
    )
    joined = fields.Integer(
        metadata={"description": "Of those looked at, the ones whose customer was met here."}
    )
    total = fields.Float(allow_none=True, metadata={"description": "Their sum; null under five."})


class OutcomeSummaryOut(Schema):
    outcomes = fields.List(fields.Nested(JoinedOut))


class BandsQuery(Schema):
    journey = fields.String(required=True, validate=KEY)
    year = fields.Integer(
        load_default=None, validate=validate.Range(values.FIRST_YEAR, values.LAST_YEAR),
        metadata={"description": "Of answers given in this year; the current one unless said."},
    )  # fmt: skip


class BandOut(Schema):
    band = fields.String(metadata={"enum": ["bottom", "middle", "top"]})
    n = fields.Integer(metadata={"description": "Customers; published five at a time."})
    value = fields.Float(allow_none=True)
    low = fields.Float(allow_none=True)
    high = fields.Float(allow_none=True)


class BesideOut(Schema):
    touchpoint = fields.String()
    metric = fields.String()
    series_id = fields.UUID()
    kind = fields.String()
    unit = fields.String(metadata={"description": "% for a share of customers, else of a mean per customer."})
    one_sided = fields.Boolean(
        metadata={"description": "Only yes was told, or only no: there is no share to be had."}
    )
    bands = fields.List(fields.Nested(BandOut))


class BandsOut(Schema):
    meaning = fields.String()
    year = fields.Integer()
    within_days = fields.Integer()
    lines = fields.List(fields.Nested(BesideOut))


class KpiValueIn(Schema):
    kpi = fields.String(required=True, validate=KEY)
    touchpoint = fields.String(load_default=NOWHERE, validate=validate.Regexp(r"|" + values.KEY))
    kind = fields.String(load_default=INTERNAL, validate=validate.OneOf([INTERNAL, BENCHMARK]))
    since = fields.Date(required=True, data_key="from")
    until = fields.Date(required=True, data_key="to")
    value = fields.Float(required=True, allow_nan=False, validate=validate.Range(-1e15, 1e15))
    n = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(0, values.LARGEST_COUNT)
    )
    unit = fields.String(load_default="", validate=validate.Length(max=16))
    source = fields.String(load_default="", validate=validate.Length(max=200))
    dated = fields.Date(load_default=None, allow_none=True)

    @validates_schema
    def check_it_is_whole(self, data: dict[str, Any], **_kwargs: Any) -> None:
        named = [data["since"], data["until"], *([data["dated"]] if data["dated"] else [])]
        if not all(map(values.in_calendar, named)) or data["since"] > data["until"]:
            raise ValidationError("must be a day, and not before `from`", "to")
        if not data["source"].strip():
            raise ValidationError("who measured it must be said", "source")
        if data["kind"] == BENCHMARK and data["dated"] is None:
            raise ValidationError("a benchmark says as of which day it is", "dated")


class KpiValuesIn(Schema):
    values_ = fields.List(
        fields.Nested(KpiValueIn), required=True, data_key="values", validate=validate.Length(1, MOST)
    )


class KpiValueOut(Schema):
    kpi = fields.String()
    touchpoint = fields.String()
    kind = fields.String()
    since = fields.Date(data_key="from")
    until = fields.Date(data_key="to")
    value = fields.Float(attribute="measured")
    n = fields.Integer(allow_none=True)
    unit = fields.String()
    source = fields.String()
    dated = fields.Date(allow_none=True)


class KpiValuesQuery(Schema):
    kpi = fields.String(load_default=None, validate=KEY)
    touchpoint = fields.String(load_default=None, validate=KEY)


class KpiValuesOut(Schema):
    values_ = fields.List(fields.Nested(KpiValueOut), data_key="values")
