"""Quarters of a year, as a board looks back upon them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from collector import errors, values

_SAID = re.compile(r"(\d{4})-Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year, ``number`` 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        return Quarter.of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def finished(said: str, today: date) -> Quarter:
    """The quarter that is named, else the last that is over; raises 422 for what is none, or not over yet."""
    if not said:
        return Quarter.of(today).before
    match = _SAID.fullmatch(said)
    if match is None or not values.FIRST_YEAR < int(match[1]) < values.LAST_YEAR:
        raise errors.BadInput(
            "Name a quarter such as 2026-Q3.", "bad_quarter", {"quarter": ["must be YYYY-Qn"]}
        )
    quarter = Quarter(int(match[1]), int(match[2]))
    if quarter.last >= today:
        raise errors.BadInput(
            "This quarter is not over yet.", "quarter_not_over", {"quarter": [f"ends on {quarter.last}"]}
        )
    return quarter


def latest(today: date, count: int = 8) -> list[Quarter]:
    """The last quarters that are over, the newest first."""
    found = [Quarter.of(today).before]
    while len(found) < count:
        found.append(found[-1].before)
    return found
