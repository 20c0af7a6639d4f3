"""The rows that go on the wire: one compact JSON text each (docs/reference/wire.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .arguments import AttributeValue

_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


class Trigger(NamedTuple):
    """A checked trigger; `customer` is already a pseudonym."""

    trigger_id: str
    invitation_id: str
    touchpoint: str
    journey: str | None
    customer: str | None
    transaction: str | None
    journey_instance: str | None
    locale: str | None
    channel: str | None
    persona: str | None
    attributes: Mapping[str, AttributeValue]
    delay: int
    cancel_on: Sequence[str]
    occurred_at: datetime
    expires_at: datetime


class Interaction(NamedTuple):
    """A checked step of a journey; `customer` is already a pseudonym."""

    interaction_id: str
    event: str
    touchpoint: str | None
    journey: str | None
    customer: str | None
    transaction: str | None
    journey_instance: str | None
    channel: str | None
    persona: str | None
    attributes: Mapping[str, AttributeValue]
    occurred_at: datetime


def trigger_body(trigger: Trigger) -> str:
    """Return one item of `POST /api/v1/triggers`; fields without a value are left out."""
    return _encode(_with_times(trigger._asdict()))


def interaction_body(interaction: Interaction) -> str:
    """Return one item of `POST /api/v1/interactions`."""
    return _encode(_with_times(interaction._asdict()))


def token_payload(trigger: Trigger, now: float) -> dict[str, Any]:
    """Return what the invitation's token says, so that the link works before its trigger has arrived."""
    named = (
        ("i", trigger.invitation_id),
        ("r", trigger.trigger_id if trigger.trigger_id != trigger.invitation_id else None),
        ("p", trigger.touchpoint),
        ("j", trigger.journey),
        ("c", trigger.customer),
        ("x", trigger.transaction),
        ("y", trigger.journey_instance),
        ("l", trigger.locale),
        ("h", trigger.channel),
        ("s", trigger.persona),
        ("n", int(now) + trigger.delay if trigger.delay else None),
        ("e", int(trigger.expires_at.timestamp())),
    )
    return {name: value for name, value in named if value is not None}


def timestamp(moment: datetime) -> str:
    """Return a UTC time as RFC 3339 text, to the millisecond where it has a fraction."""
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(timezone.utc).isoformat(timespec=precision)[:-6] + "Z"


def _with_times(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: timestamp(value) if isinstance(value, datetime) else value
        for name, value in fields.items()
        if value is not None and value != {} and value != [] and (value or name != "delay")
    }
