"""What goes on the wire: one compact JSON text per row, and the content of a token (docs/reference/wire.md).

Written member by member: `json.dumps` on a dictionary would cost the order flow three times as much.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NamedTuple, Union

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
    body = f'{{"trigger_id":"{trigger.trigger_id}","invitation_id":"{trigger.invitation_id}"'
    body += _keys(_TRIGGER_KEYS, trigger)
    if trigger.transaction is not None:
        body += f',"transaction":{encode_basestring(trigger.transaction)}'
    if trigger.journey_instance is not None:
        body += f',"journey_instance":{encode_basestring(trigger.journey_instance)}'
    if trigger.attributes:
        body += f',"attributes":{_object(trigger.attributes)}'
    if trigger.delay:
        body += f',"delay":{trigger.delay}'
    if trigger.cancel_on:
        body += f',"cancel_on":["{_BETWEEN.join(trigger.cancel_on)}"]'
    return f'{body},"occurred_at":"{timestamp(trigger.occurred_at)}","expires_at":"{timestamp(trigger.expires_at)}"}}'


def interaction_body(interaction: Interaction) -> str:
    """Return one item of `POST /api/v1/interactions`; fields without a value are left out."""
    body = f'{{"interaction_id":"{interaction.interaction_id}"' + _keys(_INTERACTION_KEYS, interaction)
    if interaction.transaction is not None:
        body += f',"transaction":{encode_basestring(interaction.transaction)}'
    if interaction.journey_instance is not None:
        body += f',"journey_instance":{encode_basestring(interaction.journey_instance)}'
    if interaction.attributes:
        body += f',"attributes":{_object(interaction.attributes)}'
    return f'{body},"occurred_at":"{timestamp(interaction.occurred_at)}"}}'


def token_json(trigger: Trigger, now: float) -> str:
    """Return what the invitation's token says, so that the link works before its trigger has arrived.

    The order of the members is that of the table in docs/reference/wire.md.
    """
    said = f'{{"i":"{trigger.invitation_id}"'
    if trigger.trigger_id != trigger.invitation_id:
        said += f',"r":"{trigger.trigger_id}"'
    said += _keys(_TOKEN_KEYS_BEFORE, trigger)
    if trigger.transaction is not None:
        said += f',"x":{encode_basestring(trigger.transaction)}'
    if trigger.journey_instance is not None:
        said += f',"y":{encode_basestring(trigger.journey_instance)}'
    said += _keys(_TOKEN_KEYS_AFTER, trigger)
    if trigger.delay:
        said += f',"n":{int(now) + trigger.delay}'
    return f'{said},"e":{trigger.expires_at}}}'


def timestamp(seconds: float) -> str:
    """Return Unix seconds as RFC 3339 text in UTC, to the millisecond where there is a fraction."""
    milliseconds = round(seconds * 1_000)
    whole, rest = divmod(milliseconds, 1_000)
    return f"{_second(whole)}.{rest:03}Z" if rest else f"{_second(whole)}Z"


Positions = tuple[tuple[int, str], ...]


def _positions(fields: tuple[str, ...], names: Mapping[str, str]) -> Positions:
    return tuple((fields.index(field), f',"{name}":"') for field, name in names.items())


def _same(*names: str) -> dict[str, str]:
    return dict(zip(names, names))


# fields whose values have passed a check that leaves nothing to escape: keys, locales, pseudonyms
_TRIGGER_KEYS = _positions(
    Trigger._fields, _same("touchpoint", "journey", "customer", "locale", "channel", "persona")
)
_INTERACTION_KEYS = _positions(
    Interaction._fields, _same("event", "touchpoint", "journey", "customer", "channel", "persona")
)
_TOKEN_KEYS_BEFORE = _positions(Trigger._fields, {"touchpoint": "p", "journey": "j", "customer": "c"})
_TOKEN_KEYS_AFTER = _positions(Trigger._fields, {"locale": "l", "channel": "h", "persona": "s"})
_BETWEEN = '","'


def _keys(positions: Positions, item: tuple[Any, ...]) -> str:
    return "".join(
        [f'{prefix}{item[position]}"' for position, prefix in positions if item[position] is not None]
    )


@lru_cache(maxsize=64)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def _object(values: Mapping[str, Value]) -> str:
    return "{" + ",".join([f'"{name}":{_value(value)}' for name, value in values.items()]) + "}"


def _value(value: Value) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    # the plain classes' own words: those of numpy and of enums are not JSON
    return int.__repr__(value) if isinstance(value, int) else float.__repr__(value)
