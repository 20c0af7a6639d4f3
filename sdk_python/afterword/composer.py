"""From arguments to a signed invitation and the row to send: no network, no disk."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Callable, NamedTuple

from . import arguments, payloads
from .arguments import AttributeValue, Seconds, Target
from .attributes import attributes_json
from .errors import InvalidArgument
from .identity import Names, new_trigger_id
from .invitation import Invitation
from .keys import ServerKey
from .outbox.rows import CANCEL, ERASE, INTERACTION, TRIGGER
from .payloads import Interaction, Place, Trigger, interaction_body, trigger_body
from .signing import Signer

_MAX_LIFETIME = 366 * 86_400


class Parcel(NamedTuple):
    """What is handed over: `kind` and `id` name it, `body` is its JSON."""

    kind: str
    id: str
    body: str


class Composer:
    """Checks, pseudonymises and signs with one key; shared by all kinds of client."""

    def __init__(
        self,
        key: ServerKey,
        public_url: str,
        *,
        expires_in: int,
        allow_personal_data: bool,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._names = Names(key.pseudonym_key)
        self._signer = Signer(key)
        self._public_url = public_url
        self._expires_in = expires_in
        self._allow_personal_data = allow_personal_data
        self._clock = clock

    def trigger(
        self,
        touchpoint: str,
        journey: str | None,
        customer: str | None,
        transaction: str | None,
        journey_instance: str | None,
        locale: str | None,
        channel: str | None,
        persona: str | None,
        attributes: Mapping[str, AttributeValue] | None,
        delay: Seconds,
        cancel_on: Sequence[str],
        occurred_at: datetime | None,
        expires_in: Seconds | None,
        target: Target | None = None,
    ) -> tuple[Invitation, Parcel]:
        """Return the invitation and the parcel of one trigger."""
        now = self._clock()
        place = _place(touchpoint, journey, locale, channel, persona)
        transaction = self._reference("transaction", transaction)
        trigger_id = new_trigger_id(now)
        trigger = Trigger(
            trigger_id,
            trigger_id
            if transaction is None
            else self._names.invitation_id(place.touchpoint, place.journey, transaction),
            place,
            self.pseudonym(customer),
            transaction,
            self._reference("journey_instance", journey_instance),
            attributes_json(attributes, allow_personal_data=self._allow_personal_data),
            arguments.seconds("delay", delay),
            arguments.keys("cancel_on", cancel_on),
            arguments.moment("occurred_at", occurred_at, now=now),
            int(now) + self._lifetime(expires_in),
            arguments.target(target),
        )
        return self._invitation(trigger, now), Parcel(TRIGGER, trigger_id, trigger_body(trigger))

    def interaction(
        self,
        event: str,
        touchpoint: str | None,
        journey: str | None,
        customer: str | None,
        transaction: str | None,
        journey_instance: str | None,
        channel: str | None,
        persona: str | None,
        attributes: Mapping[str, AttributeValue] | None,
        occurred_at: datetime | None,
    ) -> Parcel:
        """Return the parcel of one step of a journey."""
        if touchpoint is None and transaction is None:
            raise InvalidArgument(
                "touchpoint is missing: only what happened to a transaction may do without",
                code="bad_touchpoint",
            )
        now = self._clock()
        interaction = Interaction(
            new_trigger_id(now),
            arguments.key("event", event),
            arguments.optional_key("touchpoint", touchpoint),
            arguments.optional_key("journey", journey),
            self.pseudonym(customer),
            self._reference("transaction", transaction),
            self._reference("journey_instance", journey_instance),
            arguments.optional_key("channel", channel),
            arguments.optional_key("persona", persona),
            attributes_json(attributes, allow_personal_data=self._allow_personal_data),
            arguments.moment("occurred_at", occurred_at, now=now),
        )
        return Parcel(INTERACTION, interaction.interaction_id, interaction_body(interaction))

    def cancellation(self, transaction: str) -> Parcel:
        """Return the parcel that cancels the triggers of a transaction."""
        checked = arguments.required_reference("transaction", transaction)
        return Parcel(CANCEL, checked, json.dumps(checked))

    def erasure(self, customer: str) -> Parcel:
        """Return the parcel that erases what is known about a customer."""
        name = self._names.pseudonym(self._customer(customer))
        return Parcel(ERASE, name, json.dumps(name))

    def _reference(self, name: str, value: str | None) -> str | None:
        text = arguments.reference(name, value)
        if text is not None and not self._allow_personal_data:
            arguments.refuse_personal_data(name, text)
        return text

    def pseudonym(self, customer: str | None) -> str | None:
        """Return the name under which the collector knows a customer."""
        return None if customer is None else self._names.pseudonym(self._customer(customer))

    def query(self, transaction: str | None, customer: str | None) -> dict[str, str]:
        """Return the query of `GET /api/v1/decisions`: by transaction or by customer."""
        if (transaction is None) == (customer is None):
            raise InvalidArgument("ask for a transaction or for a customer", code="bad_query")
        if transaction is not None:
            return {"transaction": arguments.required_reference("transaction", transaction)}
        return {"customer": self._names.pseudonym(self._customer(customer))}

    def customer_token(self, customer: str, expires_in: Seconds) -> str:
        """Return the signed token with which a page asks what is pending for a customer."""
        lifetime = arguments.seconds("expires_in", expires_in, least=1, most=_MAX_LIFETIME)
        name = self._names.pseudonym(self._customer(customer))
        return self._signer.customer(name, int(self._clock()) + lifetime, self._clock())

    def _customer(self, customer: object) -> str:
        return arguments.customer(customer, allow_personal_data=self._allow_personal_data)

    def _lifetime(self, expires_in: Seconds | None) -> int:
        if expires_in is None:
            return self._expires_in
        return arguments.seconds("expires_in", expires_in, least=1, most=_MAX_LIFETIME)

    def _invitation(self, trigger: Trigger, now: float) -> Invitation:
        return Invitation(
            trigger.invitation_id,
            trigger.trigger_id,
            trigger.place.locale,
            trigger.expires_at,
            self._public_url,
            partial(self._signer.invitation, trigger, now),
        )


def _place(
    touchpoint: str, journey: str | None, locale: str | None, channel: str | None, persona: str | None
) -> Place:
    try:
        return payloads.place(touchpoint, journey, locale, channel, persona)
    except TypeError:  # what cannot be looked up is no string: let the check say which argument it is
        return payloads.place.__wrapped__(touchpoint, journey, locale, channel, persona)
