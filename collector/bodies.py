"""What comes in: JSON read strictly, times in one form, validation errors as one problem with dotted paths."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from flask import Request
from marshmallow import Schema, ValidationError, validate
from marshmallow import fields as marshmallow_fields

from collector import clock, errors, values

KEY = validate.Regexp(values.KEY, error="must be 1 to 64 of a-z 0-9 _ . - and begin with a letter or digit")
"""What the keys of touchpoints, journeys, surveys, questions and the like look like."""

BROWSER_BODY = 64 * 1024
SERVER_BODY = 2 * 1024 * 1024
UPLOAD_BODY = 64 * 1024 * 1024
"""The most bytes of a body: from a customer's browser, from a business system, of a file brought in."""
SAFE_DIGITS = 15
"""A whole number of so many digits is small enough for every reader."""
CUSTOMERS = ("/w/", "/s/")
"""Where the paths begin that customers' browsers send their answers to."""


class Moment(marshmallow_fields.AwareDateTime):
    """A time with its UTC offset; read into UTC, written as ``clock.iso`` has it."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else clock.iso(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        if not values.in_calendar(moment):
            raise ValidationError(f"must lie in the years {values.FIRST_YEAR} to {values.LAST_YEAR}")
        return moment.astimezone(UTC)


class Flag(marshmallow_fields.Boolean):
    """true or false, and nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("must be true or false")
        return value


class Typed(marshmallow_fields.Dict):
    """Answers by question: customers' own words among them, which are mended where others are refused."""

    is_typed = True


def largest(path: str) -> int:
    """How many bytes a request to this path may carry: what browsers send is small, only imports are large."""
    if path.startswith(CUSTOMERS):
        return BROWSER_BODY
    return UPLOAD_BODY if "/imports/" in path else SERVER_BODY


def read_json(req: Request, schema: Schema | None = None) -> Any:
    """The JSON body; raises 400 for what is not JSON in UTF-8, 422 naming what no database can hold.

    What the schema marks as typed by customers (``is_typed``) is mended instead.
    """
    try:
        text = req.get_data().decode("utf-8")
        if len(text) <= values.LONGEST and "\\u" not in text:  # then only a number can be unstorable
            with suppress(_Unstorable):
                return _read_plain(text)
        value = _read_any(text)
    except UnicodeDecodeError:
        raise errors.MalformedBody("The body is not valid UTF-8.", "invalid_utf8") from None
    except (ValueError, RecursionError):
        raise errors.MalformedBody("The body is not valid JSON.", "invalid_json") from None
    return fit(value, schema)


def fit(value: Any, schema: Schema | None) -> Any:
    """The value with what customers typed mended; raises 422 naming what else cannot be stored."""
    kept = _mended(value, schema)
    values.check(kept)
    return kept


def invalid(error: ValidationError) -> errors.BadInput:
    """A marshmallow error as one problem whose ``fields`` are dotted paths."""
    flat = _flatten(error.messages_dict)
    names = ", ".join(sorted(flat)[:5])
    return errors.BadInput(f"Check these fields: {names}.", fields=flat)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _whole(digits: str) -> int | float:
    """The number; one of more digits than Python reads is beyond all bounds, and found there."""
    return int(digits) if len(digits) < 1000 else float(digits)


class _Unstorable(Exception):
    """A number that no column holds: the body is read once more, to say where it stands."""


def _storable_whole(digits: str) -> int:
    if len(digits) > SAFE_DIGITS:
        raise _Unstorable
    return int(digits)


def _storable_fraction(digits: str) -> float:
    number = float(digits)
    if values.number_fault(number):
        raise _Unstorable
    return number


_read_plain = json.JSONDecoder(
    parse_constant=_no_constant, parse_int=_storable_whole, parse_float=_storable_fraction
).decode
_read_any = json.JSONDecoder(parse_constant=_no_constant, parse_int=_whole).decode
"""Made once: to make a decoder costs more than to read a small body."""


def _mended(value: Any, of: Schema | marshmallow_fields.Field[Any] | None) -> Any:
    """The value, of this schema or field, with each text mended that a customer typed."""
    if getattr(of, "is_typed", False):
        return values.mended(value)
    if isinstance(of, marshmallow_fields.Nested):
        of = of.schema
    if isinstance(of, Schema) and isinstance(value, dict):
        inner = {field.data_key or name: field for name, field in of.fields.items()}
        return {key: _mended(item, inner.get(key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(of, marshmallow_fields.List):
        return [_mended(item, of.inner) for item in value]
    return value


def _flatten(messages: Any, path: str = "") -> dict[str, list[str]]:
    if isinstance(messages, dict):
        flat: dict[str, list[str]] = {}
        for key, value in messages.items():
            inner = (
                path if key in {"json", "query", "form", "_schema"} else f"{path}.{key}" if path else str(key)
            )
            flat.update(_flatten(value, inner))
        return flat
    return {
        path or "body": [str(message) for message in (messages if isinstance(messages, list) else [messages])]
    }
