"""A part of what happened, spread evenly over a time: all that lies in short windows, one in each stretch of it.

A window lies anywhere in its stretch, and goes on at the start where it would pass its end: so each moment is as likely as any
other to be in one, and whatever happened as likely to be read. What lies between is not read, however much it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from random import Random
from typing import Any

PARTS = 100
"""Into so many stretches a time is cut."""
Window = tuple[datetime, datetime]
"""A first moment, and an end that is not in it."""


def windows(since: datetime, until: datetime, share: float) -> list[Window]:
    """Windows that are so much (0 to 1) of a time, in order; the same for the same time, so that a page stands still. Pure."""
    if share >= 1:
        return [(since, until)]
    return list(_cut(since, until, share))


def parts(given: Mapping[str, Any], since: datetime, until: datetime, share: float) -> list[dict[str, Any]]:
    """What a statement about one window is given, for each: the same values, and its ``since`` and ``until``."""
    return [{**given, "since": opens, "until": ends} for opens, ends in windows(since, until, share)]


def _cut(since: datetime, until: datetime, share: float) -> Iterator[Window]:
    chance, length = Random(since.toordinal()), (until - since) / PARTS
    for part in range(PARTS):
        start = since + part * length
        opens, closes = start + chance.random() * length, share * length
        over = opens + closes - (start + length)
        if over.total_seconds() > 0:
            yield start, start + over
        yield opens, min(opens + closes, start + length)
