"""Times as files write them: ISO 8601, Unix seconds, a spreadsheet's day numbers, patterns, months by their names."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_month_names

CLOCK = re.compile(r"%[HIcX]|unix|excel")
EXCEL_BEGAN = datetime(1899, 12, 30)  # noqa: DTZ001  # day 0, as spreadsheets count since they took 1900 for a leap year
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
"""Whose months are known by name."""
OTHERS = {"mrz": 3}
"""What spreadsheets write beside what CLDR has."""
WORD = re.compile(r"[^\W\d_]+\.?")
NAMED = re.compile(r"%[bB]")


def read(text: str, form: str, zone: str) -> datetime | None:
    """The UTC time, None where it is not of this form. A day without a time is noon there: so it stays the same day."""
    try:
        moment = _parsed(text, form)
        if len(text) <= 10 if form == "iso" else not CLOCK.search(form) or _is_whole_day(text, form):
            moment = moment.replace(hour=12)
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _parsed(text: str, form: str) -> datetime:
    if form == "iso":
        return datetime.fromisoformat(text)
    if form == "unix":
        return datetime.fromtimestamp(float(text), UTC)
    if form == "excel":
        return EXCEL_BEGAN + timedelta(seconds=round(float(text.replace(",", ".")) * 86_400))
    if NAMED.search(form):
        text, form = WORD.sub(_as_number, text), NAMED.sub("%m", form)
    return datetime.strptime(text, form)  # noqa: DTZ007  # the caller gives it its zone


def _is_whole_day(text: str, form: str) -> bool:
    return form == "excel" and float(text.replace(",", ".")).is_integer()


def _as_number(word: re.Match[str]) -> str:
    number = _months().get(word[0].rstrip(".").casefold())
    return f"{number:02}" if number else word[0]


@cache
def _months() -> dict[str, int]:
    """Name or abbreviation of a month -> its number; what is short for two months in two languages is neither."""
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for width, context in (("wide", "format"), ("wide", "stand-alone"), ("abbreviated", "format")):
            for number, name in get_month_names(width, context, language).items():  # type: ignore[arg-type]
                for text in {name, name[:3]} if width == "wide" else {name}:
                    found.setdefault(text.rstrip(".").casefold(), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1} | OTHERS
