"""`on_invalid="report"`: a wrong argument is repaired or left out and told, instead of raising into a checkout."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Callable, TypeVar

from .attributes import attributes_json
from .errors import AfterwordError, PersonalData

Result = TypeVar("Result")

_LENGTHS = {"transaction": 128, "journey_instance": 128, "customer": 200}
_WITHOUT: dict[str, Any] = {"delay": 0, "cancel_on": ()}
_NEEDED = frozenset({"touchpoint", "event"})
_TEXT = 200
_COUNT = 20


def forgiving(
    call: Callable[..., Result], arguments: dict[str, Any], report: Callable[[AfterwordError], None]
) -> Result | None:
    """Return what `call` returns for the arguments, repaired one by one; None if one that is needed cannot be."""
    repaired = dict(arguments)
    for _ in range(2 * len(arguments)):
        try:
            return call(**repaired)
        except AfterwordError as error:
            report(error)
            name = _name(error)
            if name in _NEEDED or name not in repaired:
                return None
            better = _repair(name, repaired[name], error)
            repaired[name] = _WITHOUT.get(name) if _same(better, repaired[name]) else better
    return None


def cleaned(value: object, most: int) -> str | None:
    """Return a text without control characters, cut to its length; None if nothing is left."""
    if not isinstance(value, str):
        return None
    kept = (" " if _is_control(character) else character for character in value)
    return " ".join("".join(kept).split())[:most].strip() or None


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs")


def _name(error: AfterwordError) -> str:
    """Return the argument that an error is about: its code says so, or its first word where the code is a kind."""
    if error.code.startswith("bad_"):
        return error.code[len("bad_") :]
    return str(error).partition(" ")[0].partition(".")[0]


def _repair(name: str, value: Any, error: AfterwordError) -> Any:
    if name == "attributes" and isinstance(value, Mapping):
        return _attributes(value)
    if name in _LENGTHS and not isinstance(error, PersonalData):
        return cleaned(value, _LENGTHS[name])
    return _WITHOUT.get(name)


def _attributes(attributes: Mapping[Any, Any]) -> dict[str, Any]:
    """Return those that pass, texts cleaned and cut, at most as many as are allowed."""
    kept: dict[str, Any] = {}
    for name, value in attributes.items():
        better = cleaned(value, _TEXT) if isinstance(value, str) else value
        try:
            attributes_json({name: better}, allow_personal_data=False)
        except AfterwordError:
            continue
        kept[name] = better
    return dict(list(kept.items())[:_COUNT])


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # what a host's class makes of a comparison is its own affair
        return False
