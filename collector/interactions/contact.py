"""The fields that triggers and interactions share: where something happened, and to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates

from collector import clock, errors
from collector.bodies import KEY, Moment
from collector.journeys import CHANNELS
from collector.personal_data import personal_data_in

REFERENCE = validate.Length(1, 128)
REFERENCES = ("transaction", "journey_instance")
ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,39}")
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class Attributes(fields.Dict):
    """At most 20 business attributes: string (200), number or boolean."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        given: dict[Any, Any] = super()._deserialize(value, *args, **kwargs)  # type: ignore[no-untyped-call]
        if len(given) > 20:
            raise ValidationError("at most 20 attributes")
        for key, item in given.items():
            if not isinstance(key, str) or not ATTRIBUTE.fullmatch(key):
                raise ValidationError(f"{key!r} is not an attribute name: a-z, 0-9, '_', at most 40")
            if not isinstance(item, str | int | float | bool) or (isinstance(item, str) and len(item) > 200):
                raise ValidationError(
                    f"{key} must be a text of at most 200 characters, a number or a boolean"
                )
        return given


def refuse_personal_data(settings: Mapping[str, Any], noun: str, items: Sequence[Mapping[str, Any]]) -> None:
    """Raises 422 ``personal_data`` naming each value that tells who somebody is, unless the policy allows it."""
    if settings.get("policy", {}).get("allow_personal_data"):
        return
    wrong = {
        f"{noun}.{index}.{name}": [f"holds {found}"]
        for index, item in enumerate(items)
        for name, value in _words(item)
        if (found := personal_data_in(value))
    }
    if wrong:
        raise errors.BadInput(
            "Attributes and references say which case it is, never who it is.", "personal_data", wrong
        )


def _words(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is kept as it was given: the attributes that are texts, and what names the case."""
    for name in REFERENCES:
        if value := item.get(name):
            yield name, value
    for name, value in item["attributes"].items():
        if isinstance(value, str):
            yield f"attributes.{name}", value


class Undoing(Schema):
    """When something was taken back, where that is not now: its message may have waited for hours."""

    occurred_at = Moment(load_default=None)


class Contact(Schema):
    """Where something happened, and to whom."""

    touchpoint = fields.String(required=True, validate=KEY)
    journey = fields.String(load_default=None, allow_none=True, validate=KEY)
    customer = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 256))
    transaction = fields.String(load_default=None, allow_none=True, validate=REFERENCE)
    journey_instance = fields.String(load_default=None, allow_none=True, validate=REFERENCE)
    channel = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(CHANNELS))
    persona = fields.String(load_default=None, allow_none=True, validate=KEY)
    attributes = Attributes(load_default=dict)
    occurred_at = Moment(load_default=None, allow_none=True)

    @validates("occurred_at")
    def check_occurred_at(self, value: datetime | None, **_kwargs: Any) -> None:
        if value is not None and not EARLIEST <= value <= clock.system_clock() + timedelta(days=1):
            raise ValidationError("must lie between 2000 and a day ahead")
