"""The wire of signals."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from collector.bodies import KEY, Moment
from collector.signals import rules
from collector.signals.models import Signal
from collector.signals.reading import LARGEST_PAGE, PAGE
from collector.signals.settings import Wish
from collector.signals.wording import Sentences

RULE = validate.OneOf(rules.RULES)
PER_YEAR = validate.Range(rules.FEWEST, rules.MOST)


class SignalQuery(Schema):
    state = fields.String(load_default=None, validate=validate.OneOf(rules.STATES))
    kind = fields.String(load_default=None, validate=RULE)
    touchpoint = fields.String(load_default=None, validate=KEY)
    cursor = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=PAGE, validate=validate.Range(1, LARGEST_PAGE))


class SignalPatch(Schema):
    state = fields.String(
        required=True,
        validate=validate.OneOf(["known"]),
        metadata={"description": "It is quiet from now on, until it is over and begins anew"},
    )


class SignalRuleOut(Schema):
    name = fields.String(metadata={"enum": list(rules.RULES)})
    per_year = fields.Float(
        allow_none=True, metadata={"description": "Expected false alarms a year; none where it is simply so"}
    )


class SignalOut(Schema):
    signal_id = fields.UUID()
    kind = fields.String(metadata={"enum": list(rules.RULES)})
    of = fields.Dict(keys=fields.String(), values=fields.String())
    since = fields.Date()
    raised_at = Moment()
    text = fields.String(metadata={"description": "What happened, in one sentence"})
    rule = fields.Nested(SignalRuleOut)
    figure = fields.Dict(metadata={"description": "What it rests on, as it was when it was raised"})
    metric = fields.String(allow_none=True)
    series_id = fields.UUID(allow_none=True)
    response_id = fields.UUID(allow_none=True)
    state = fields.String(metadata={"enum": list(rules.STATES)})
    known_by = fields.String(allow_none=True)
    known_at = Moment(allow_none=True)
    ended = fields.String(metadata={"enum": ["", "recovered", "stayed"]})
    ended_at = Moment(allow_none=True)
    insight = fields.UUID(allow_none=True, attribute="insight_id")


class SignalsOut(Schema):
    signals = fields.List(fields.Nested(SignalOut))
    next = fields.UUID(allow_none=True, metadata={"description": "Send it as `cursor`."})


class SignalSettingIn(Schema):
    touchpoint = fields.String(load_default="", validate=validate.Length(max=64))
    off = fields.List(fields.String(validate=RULE), load_default=list)
    per_year = fields.Float(load_default=rules.PER_YEAR, validate=PER_YEAR)


class SignalSettingOut(Schema):
    touchpoint = fields.String(metadata={"description": "Empty: everywhere that has no setting of its own"})
    off = fields.List(fields.String())
    per_year = fields.Float()


class SignalSettingsOut(Schema):
    settings = fields.List(fields.Nested(SignalSettingOut))


NAMES = ("signal_id", "since", "raised_at", "metric", "series_id", "response_id", "state", "known_by", "known_at", "ended",
         "ended_at", "insight_id")  # fmt: skip


def signal_dict(row: Signal, sentences: Sentences) -> dict[str, Any]:
    """A signal in wire form."""
    figure = {name: value for name, value in row.facts.items() if name not in {"of", "per_year"}}
    return {name: getattr(row, name) for name in NAMES} | {
        "kind": row.rule,
        "of": place_of(row),
        "text": sentences.of(row),
        "rule": {"name": row.rule, "per_year": row.facts.get("per_year")},
        "figure": figure,
    }


def place_of(row: Signal) -> dict[str, str]:
    """What a signal is about: its touchpoint, and what of it."""
    place: dict[str, str] = {
        name: getattr(row, name) for name in ("touchpoint", "before", "journey") if getattr(row, name)
    }
    return {**place, **row.facts.get("of", {})}


def setting_dict(touchpoint: str, wish: Wish) -> dict[str, Any]:
    """A setting in wire form."""
    return {"touchpoint": touchpoint, "off": sorted(wish.off), "per_year": wish.per_year}
