"""One gate for values that Python takes and a database or a calendar cannot hold: found, named, or mended.

What a program sends is refused by name; what a customer typed is mended and kept, so that no answer is lost for it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from collector import errors

LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON takes for the same number (RFC 8259, 6)."""

LARGEST_COUNT = 2**31 - 1
"""The largest whole number that a column of counts holds."""

KEY = r"[a-z0-9][a-z0-9_.-]{0,63}\Z"
"""The pattern of a key: what people and files call a touchpoint, a journey, a survey."""

FIRST_YEAR, LAST_YEAR = 1970, 2200
LONGEST = 1_000_000
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_WHOLE = re.compile(r"[+-]?[0-9]{1,16}\Z", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """A value that cannot be stored: where it stands (a dotted path), why, and the code for programs."""

    place: str
    why: str
    code: str


def number_fault(value: int | float) -> str | None:
    """What keeps a number from being stored; None for one that can be."""
    if isinstance(value, float):
        return None if math.isfinite(value) else "must be a finite number"
    return None if abs(value) <= LARGEST else "must be a number of at most 2^53"


def text_fault(text: str) -> str | None:
    """What keeps a text from being stored; None for one that can be."""
    if len(text) > LONGEST:
        return f"must be at most {LONGEST:,} characters"
    if "\0" in text:
        return "must not hold NUL"
    return (
        None if text.isascii() or not _LONE.search(text) else "must not hold half a character (a surrogate)"
    )


def faults(value: Any, path: str = "") -> Iterator[Fault]:
    """Each place of a JSON value that cannot be stored; names of fields are values too."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            here = joined(path, key)
            yield from faults(key, here) if isinstance(key, str) else ()
            yield from faults(item, here)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from faults(item, joined(path, index))
    elif isinstance(value, str):
        if why := text_fault(value):
            yield Fault(path or "body", why, "unstorable_text")
    elif isinstance(value, int | float) and (why := number_fault(value)):
        yield Fault(path or "body", why, "unstorable_number")


def check(value: Any, path: str = "") -> None:
    """Raise 422 naming each place that cannot be stored, if there is any."""
    if found := list(faults(value, path)):
        wrong = {fault.place: [fault.why] for fault in found}
        names = ", ".join(sorted(wrong)[:5])
        raise errors.BadInput(f"These values cannot be stored: {names}.", found[0].code, wrong)


def mended(value: Any) -> Any:
    """The same with every text in it mended."""
    if isinstance(value, str):
        return mended_text(value)
    if isinstance(value, Mapping):
        return {mended(key): mended(item) for key, item in value.items()}
    return [mended(item) for item in value] if isinstance(value, list) else value


def mended_text(text: str) -> str:
    """The text without NUL; halves of a pair are joined, a half that stands alone becomes U+FFFD."""
    if text.isascii():
        return text.replace("\0", "")
    paired = _PAIR.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _LONE.sub("\ufffd", paired).replace("\0", "")


def whole(text: str) -> int | None:
    """The whole number that a text of a form, an address or a file writes out; None where it is none, or too large."""
    text = text.strip()
    number = int(text) if _WHOLE.match(text) else None
    return number if number is not None and abs(number) <= LARGEST else None


def in_calendar(day: date | datetime) -> bool:
    """Whether a day lies in the years that are reckoned with here; beyond them arithmetic overflows."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def joined(path: str, name: object) -> str:
    """A dotted path one step deeper, fit to be shown."""
    step = mended_text(str(name))[:100]
    return f"{path}.{step}" if path else step
