"""Attributes of a trigger: checked and written as JSON in one go, since they are the largest part of most calls."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Callable

from .arguments import refuse_personal_data, string
from .errors import InvalidArgument, InvalidType

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MAX_COUNT = 20
_MAX_TEXT = 200
_SHORT = 6
_EXACT_INTEGER = 2**53


def attributes_json(attributes: object, *, allow_personal_data: bool) -> str:
    """Return up to 20 attributes (short strings, finite numbers, booleans) as a JSON object; "" if there are none."""
    if not attributes and (attributes is None or isinstance(attributes, Mapping)):
        return ""
    if not isinstance(attributes, Mapping):
        raise InvalidType("attributes must be a mapping", code="bad_attributes")
    if len(attributes) > _MAX_COUNT:
        raise InvalidArgument(f"attributes may hold at most {_MAX_COUNT} entries", code="bad_attributes")
    members = [
        (_written_name(name) if type(name) is str else _name(name))
        + _PLAIN.get(type(value), _value)(name, value, allow_personal_data)
        for name, value in attributes.items()
    ]
    return "{" + ",".join(members) + "}"


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise InvalidType("names of attributes must be strings", code="bad_attributes")
    return _written_name(name)


@lru_cache(maxsize=1_024)
def _written_name(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise InvalidArgument(
            f"attributes: {name[:60]!r} must be 1 to 40 of a-z, 0-9, '_' and begin with a letter",
            code="bad_attributes",
        )
    return f'"{str.__str__(name)}":'


def _value(name: str, value: Any, allow_personal_data: bool) -> str:
    """Write what is of no plain class itself: members of enums, numpy's numbers."""
    for kind in (str, int, float):
        if isinstance(value, kind):
            return _PLAIN[kind](name, value, allow_personal_data)
    raise InvalidType(f"attributes.{name} must be a string, a number or a boolean", code="bad_attributes")


def _text(name: str, value: str, allow_personal_data: bool) -> str:
    if len(value) < _SHORT and value.isprintable():
        return encode_basestring(value)  # too short for an address, a number or an account
    path = f"attributes.{name}"
    text = string(path, value)
    if len(text) > _MAX_TEXT:
        raise InvalidArgument(f"{path} may have at most {_MAX_TEXT} characters", code="bad_attributes")
    if not allow_personal_data:
        refuse_personal_data(path, text)
    return encode_basestring(text)


def _bool(name: str, value: bool, allow_personal_data: bool) -> str:
    return "true" if value else "false"


def _int(name: str, value: int, allow_personal_data: bool) -> str:
    """Write a number in the plain class's own words: those of numpy and of enums are not JSON."""
    return int.__repr__(value) if -_EXACT_INTEGER <= value <= _EXACT_INTEGER else _refuse(name)


def _float(name: str, value: float, allow_personal_data: bool) -> str:
    return float.__repr__(value) if math.isfinite(value) else _refuse(name)


def _refuse(name: str) -> str:
    raise InvalidArgument(
        f"attributes.{name} must be finite, an integer at most 2**53", code="bad_attributes"
    )


_PLAIN: dict[type, Callable[[str, Any, bool], str]] = {str: _text, bool: _bool, int: _int, float: _float}
