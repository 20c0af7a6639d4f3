"""What comes in: JSON read strictly, times in one form, validation errors as one problem with dotted paths."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import Request
from marshmallow import ValidationError
from marshmallow import fields as marshmallow_fields

from collector import clock, errors


class Moment(marshmallow_fields.AwareDateTime):
    """A time with its UTC offset; read into UTC, written as ``clock.iso`` has it."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else clock.iso(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        try:
            return moment.astimezone(UTC)
        except OverflowError:  # the first or the last hours that a date can name, with an offset
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from None


def read_json(req: Request) -> Any:
    """The JSON body; raises 400 for what is not JSON in UTF-8, 422 for text that no database can hold."""
    try:
        value = json.loads(req.get_data().decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise errors.MalformedBody("The body is not valid UTF-8.", "invalid_utf8") from None
    except (ValueError, RecursionError):
        raise errors.MalformedBody("The body is not valid JSON.", "invalid_json") from None
    _refuse_unstorable(value)
    return value


def invalid(error: ValidationError) -> errors.BadInput:
    """A marshmallow error as one problem whose ``fields`` are dotted paths."""
    flat = _flatten(error.messages_dict)
    names = ", ".join(sorted(flat)[:5])
    return errors.BadInput(f"Check these fields: {names}.", fields=flat)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _refuse_unstorable(value: Any, path: str = "") -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise errors.BadInput(
                "Text may not hold NUL or lone surrogates.",
                "unstorable_text",
                {path or "body": ["unstorable text"]},
            )
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_unstorable(key, path)
            _refuse_unstorable(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_unstorable(item, f"{path}.{index}" if path else str(index))


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
