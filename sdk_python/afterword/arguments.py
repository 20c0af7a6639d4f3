"""Checks arguments where they come in: what passes here, the collector takes.

Each function takes a name and a value and returns the clean value, or raises InvalidType or InvalidArgument.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, Union

from .errors import InvalidArgument, InvalidType, PersonalData
from .personal_data import personal_data_in

AttributeValue = Union[str, int, float, bool]
Seconds = Union[int, timedelta]
Target = Literal["touchpoint", "journey", "interaction"]
OnInvalid = Literal["raise", "report"]
Synchronous = Literal["NORMAL", "FULL"]
OutboxPath = Union[str, "os.PathLike[str]", None]

_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_TARGETS = ("touchpoint", "journey", "interaction")
_MAX_KEY = 64
_MAX_CUSTOMER = 200
_MAX_REFERENCE = 128
_MAX_DELAY = 7_776_000
_EARLIEST = 946_684_800.0  # 2000-01-01T00:00:00Z


def key(name: str, value: object) -> str:
    """Return `value` if it is a key such as `order-confirmed`."""
    text = string(name, value)
    if len(text) > _MAX_KEY or not _is_key(text):  # what is too long shall not live on in the cache
        raise InvalidArgument(
            f"{name} must be 1 to 64 of a-z, 0-9, '_', '.', '-' and begin with a letter or digit, not {text[:80]!r}",
            code=f"bad_{name}",
        )
    return text


@lru_cache(maxsize=1_024)
def _is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def optional_key(name: str, value: object) -> str | None:
    """Return `value` if it is a key, or None."""
    return None if value is None else key(name, value)


def keys(name: str, value: object) -> list[str]:
    """Return a list of keys; a single string is a mistake, not a list of letters."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise InvalidType(f"{name} must be a list or tuple of keys", code=f"bad_{name}")
    return [key(name, item) for item in value]


def reference(name: str, value: object) -> str | None:
    """Return a transaction or journey instance: 1 to 128 printable characters, or None."""
    if value is None:
        return None
    text = string(name, value)
    if not 1 <= len(text) <= _MAX_REFERENCE:
        raise InvalidArgument(f"{name} must have 1 to {_MAX_REFERENCE} characters", code=f"bad_{name}")
    return text


def required_reference(name: str, value: object) -> str:
    """Return a transaction that must be there."""
    text = reference(name, value)
    if text is None:
        raise InvalidType(f"{name} must be a string", code=f"bad_{name}")
    return text


def customer(value: object, *, allow_personal_data: bool) -> str:
    """Return the caller's own id of a customer."""
    text = string("customer", value)
    if not 1 <= len(text) <= _MAX_CUSTOMER:
        raise InvalidArgument("customer must have 1 to 200 characters", code="bad_customer")
    if not allow_personal_data:
        refuse_personal_data("customer", text)
    return text


def target(value: object) -> str | None:
    """Return what an answer is to be about, or None: the touchpoint."""
    if value is None:
        return None
    if value not in _TARGETS:
        raise InvalidArgument(f"target must be one of {', '.join(_TARGETS)}", code="bad_target")
    return str(value)


def locale(value: object) -> str | None:
    """Return a BCP 47 tag such as `de` or `pt-BR`; `pt_BR` is understood."""
    if value is None:
        return None
    text = string("locale", value)
    if _LOCALE.fullmatch(text) is None:
        raise InvalidArgument(
            f"locale must be a language tag such as 'de' or 'pt-BR', not {text[:40]!r}", code="bad_locale"
        )
    return text.replace("_", "-")


def seconds(name: str, value: object, *, least: int = 0, most: int = _MAX_DELAY) -> int:
    """Return whole seconds from an int or a timedelta, within `least` and `most`."""
    if isinstance(value, timedelta):
        value = int(value.total_seconds())
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidType(f"{name} must be whole seconds or a timedelta", code=f"bad_{name}")
    if not least <= value <= most:
        raise InvalidArgument(f"{name} must lie between {least} and {most} seconds", code=f"bad_{name}")
    return value


def moment(name: str, value: object, *, now: float) -> float:
    """Return an aware time, not before 2000 and at most a day ahead, as Unix seconds; None means `now`."""
    if value is None:
        return now
    if not isinstance(value, datetime):
        raise InvalidType(f"{name} must be a datetime", code=f"bad_{name}")
    if value.utcoffset() is None:
        raise InvalidArgument(
            f"{name} must know its time zone: a naive time means two things", code=f"bad_{name}"
        )
    seconds_since_1970 = value.timestamp()
    if seconds_since_1970 < _EARLIEST or seconds_since_1970 > now + 86_400:
        raise InvalidArgument(f"{name} must not lie before 2000 or more than a day ahead", code=f"bad_{name}")
    return seconds_since_1970


def string(name: str, value: object) -> str:
    """Return `value` if it is a string without control characters."""
    if not isinstance(value, str):
        raise InvalidType(
            f"{name} must be a string, not {type(value).__name__}", code=f"bad_{name.partition('.')[0]}"
        )
    if not value.isprintable() and any(
        unicodedata.category(character) in ("Cc", "Cs") for character in value
    ):
        raise InvalidArgument(
            f"{name} must not hold control characters or lone surrogates",
            code=f"bad_{name.partition('.')[0]}",
        )
    return value if type(value) is str else str.__str__(value)  # a member of a string enum is its value


def refuse_personal_data(name: str, text: str) -> None:
    """Raise PersonalData if `text` looks like an e-mail address, a phone number or an IBAN."""
    kind = personal_data_in(text)
    if kind is not None:
        raise PersonalData(
            f"{name} looks like {kind}: pass your own id instead, or make the client with allow_personal_data=True",
            code="personal_data",
        )
