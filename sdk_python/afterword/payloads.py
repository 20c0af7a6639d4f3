"""What goes on the wire: one compact JSON text per row, and the content of a token (docs/reference/wire.md).

Written member by member: `json.dumps` on a dictionary would cost the order flow three times as much.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring
from typing import NamedTuple, Union

from .arguments import AttributeValue

Value = Union[str, int, float, bool]


class Trigger(NamedTuple):
    """A checked trigger; `customer` is a pseudonym, times are Unix seconds."""

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
    occurred_at: float
    expires_at: int


class Interaction(NamedTuple):
    """A checked step of a journey; `customer` is a pseudonym, times are Unix seconds."""

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
    occurred_at: float


def trigger_body(trigger: Trigger) -> str:
    """Return one item of `POST /api/v1/triggers`; fields without a value are left out."""
    members = _members(zip(_TRIGGER_STRINGS, trigger[:10]))
    if trigger.attributes:
        members.append(f'"attributes":{_object(trigger.attributes)}')
    if trigger.delay:
        members.append(f'"delay":{trigger.delay}')
    if trigger.cancel_on:
        members.append(f'"cancel_on":[{",".join(map(encode_basestring, trigger.cancel_on))}]')
    members.append(f'"occurred_at":"{timestamp(trigger.occurred_at)}"')
    members.append(f'"expires_at":"{timestamp(trigger.expires_at)}"')
    return "{" + ",".join(members) + "}"


def interaction_body(interaction: Interaction) -> str:
    """Return one item of `POST /api/v1/interactions`; fields without a value are left out."""
    members = _members(zip(_INTERACTION_STRINGS, interaction[:9]))
    if interaction.attributes:
        members.append(f'"attributes":{_object(interaction.attributes)}')
    members.append(f'"occurred_at":"{timestamp(interaction.occurred_at)}"')
    return "{" + ",".join(members) + "}"


def token_payload(trigger: Trigger, now: float) -> dict[str, str | int]:
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
        ("e", trigger.expires_at),
    )
    return {name: value for name, value in named if value is not None}


def timestamp(seconds: float) -> str:
    """Return Unix seconds as RFC 3339 text in UTC, to the millisecond where there is a fraction."""
    milliseconds = round(seconds * 1_000)
    whole, rest = divmod(milliseconds, 1_000)
    return f"{_second(whole)}.{rest:03}Z" if rest else f"{_second(whole)}Z"


_TRIGGER_STRINGS = Trigger._fields[:10]
_INTERACTION_STRINGS = Interaction._fields[:9]


@lru_cache(maxsize=64)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def _members(named: Iterable[tuple[str, str | None]]) -> list[str]:
    return [f'"{name}":{encode_basestring(value)}' for name, value in named if value is not None]


def _object(values: Mapping[str, Value]) -> str:
    return "{" + ",".join([f'"{name}":{_value(value)}' for name, value in values.items()]) + "}"


def _value(value: Value) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    # the plain classes' own words: those of numpy and of enums are not JSON
    return int.__repr__(value) if isinstance(value, int) else float.__repr__(value)
