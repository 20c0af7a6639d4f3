"""What goes on the wire: one compact JSON text per row, and the content of a token (docs/reference/wire.md).

Written member by member: `json.dumps` on a dictionary would cost the order flow three times as much.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from json.encoder import encode_basestring
from typing import NamedTuple

from . import arguments
from .identity import compact


class Place(NamedTuple):
    """Where and how something is asked: what one line of the host's code repeats in each call.

    So it is checked and written once: `body` for the row, `head` and `tail` for the token, members with a comma in front.
    """

    touchpoint: str
    journey: str | None
    locale: str | None
    body: str
    head: str
    tail: str


class Trigger(NamedTuple):
    """A checked trigger; `customer` is a pseudonym, `attributes` JSON or "", times are Unix seconds."""

    trigger_id: str
    invitation_id: str
    place: Place
    customer: str | None
    transaction: str | None
    journey_instance: str | None
    attributes: str
    delay: int
    cancel_on: Sequence[str]
    occurred_at: float
    expires_at: int
    target: str | None = None


class Interaction(NamedTuple):
    """A checked step of a journey; `customer` is a pseudonym, `attributes` JSON or "", times are Unix seconds."""

    interaction_id: str
    event: str
    touchpoint: str | None
    journey: str | None
    customer: str | None
    transaction: str | None
    journey_instance: str | None
    channel: str | None
    persona: str | None
    attributes: str
    occurred_at: float


@lru_cache(maxsize=1_024)
def place(
    touchpoint: str, journey: str | None, locale: str | None, channel: str | None, persona: str | None
) -> Place:
    """Return the checked place; raises what `arguments` raises."""
    touchpoint = arguments.key("touchpoint", touchpoint)
    journey = arguments.optional_key("journey", journey)
    locale = arguments.locale(locale)
    channel = arguments.optional_key("channel", channel)
    persona = arguments.optional_key("persona", persona)
    return Place(
        touchpoint,
        journey,
        locale,
        _members(touchpoint=touchpoint, journey=journey, locale=locale, channel=channel, persona=persona),
        _members(p=touchpoint, j=journey),
        _members(l=locale, h=channel, s=persona),
    )


def trigger_body(trigger: Trigger) -> str:
    """Return one item of `POST /api/v1/triggers`; fields without a value are left out."""
    body = (
        f'{{"trigger_id":"{trigger.trigger_id}","invitation_id":"{trigger.invitation_id}"{trigger.place.body}'
    )
    if trigger.customer is not None:
        body += f',"customer":"{trigger.customer}"'
    if trigger.transaction is not None:
        body += f',"transaction":{encode_basestring(trigger.transaction)}'
    if trigger.journey_instance is not None:
        body += f',"journey_instance":{encode_basestring(trigger.journey_instance)}'
    if trigger.attributes:
        body += f',"attributes":{trigger.attributes}'
    if trigger.target is not None:
        body += f',"target":"{trigger.target}"'
    if trigger.delay:
        body += f',"delay":{trigger.delay}'
    if trigger.cancel_on:
        body += f',"cancel_on":["{_BETWEEN.join(trigger.cancel_on)}"]'
    return f'{body},"occurred_at":"{timestamp(trigger.occurred_at)}","expires_at":"{timestamp(trigger.expires_at)}"}}'


def interaction_body(interaction: Interaction) -> str:
    """Return one item of `POST /api/v1/interactions`; fields without a value are left out."""
    body = f'{{"interaction_id":"{interaction.interaction_id}"' + _members(
        event=interaction.event,
        touchpoint=interaction.touchpoint,
        journey=interaction.journey,
        customer=interaction.customer,
        channel=interaction.channel,
        persona=interaction.persona,
    )
    if interaction.transaction is not None:
        body += f',"transaction":{encode_basestring(interaction.transaction)}'
    if interaction.journey_instance is not None:
        body += f',"journey_instance":{encode_basestring(interaction.journey_instance)}'
    if interaction.attributes:
        body += f',"attributes":{interaction.attributes}'
    return f'{body},"occurred_at":"{timestamp(interaction.occurred_at)}"}}'


def token_json(trigger: Trigger, now: float) -> str:
    """Return what the invitation's token says, so that the link works before its trigger has arrived.

    The order of the members is that of the table in docs/reference/wire.md.
    """
    said = f'{{"i":"{compact(trigger.invitation_id)}"'
    if trigger.trigger_id != trigger.invitation_id:
        said += f',"r":"{compact(trigger.trigger_id)}"'
    said += trigger.place.head
    if trigger.customer is not None:
        said += f',"c":"{trigger.customer}"'
    if trigger.transaction is not None:
        said += f',"x":{encode_basestring(trigger.transaction)}'
    if trigger.journey_instance is not None:
        said += f',"y":{encode_basestring(trigger.journey_instance)}'
    said += trigger.place.tail
    if trigger.delay:
        said += f',"n":{int(now) + trigger.delay}'
    if trigger.target is not None:
        said += f',"t":"{trigger.target}"'
    return f'{said},"e":{trigger.expires_at}}}'


def timestamp(seconds: float) -> str:
    """Return Unix seconds as RFC 3339 text in UTC, to the millisecond where there is a fraction."""
    milliseconds = round(seconds * 1_000)
    whole, rest = divmod(milliseconds, 1_000)
    return f"{_second(whole)}.{rest:03}Z" if rest else f"{_second(whole)}Z"


_BETWEEN = '","'


def _members(**values: str | None) -> str:
    """Write values that have passed a check which leaves nothing to escape: keys, locales, pseudonyms."""
    return "".join([f',"{name}":"{value}"' for name, value in values.items() if value is not None])


@lru_cache(maxsize=64)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
