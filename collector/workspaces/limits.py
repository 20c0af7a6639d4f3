"""The limits of what anyone may call, and the verb that holds a request to one; told in ``docs/reference/limits.md``."""

from __future__ import annotations

from typing import cast

from flask import request

from collector import errors, web
from collector.workspaces.rates import Rate, Rates, caller_at

CALLS = Rate("calls", burst=1000, per_second=50)
"""Everything that a customer's browser calls. A company's thousands may stand behind one address."""

FORMS = Rate("forms", burst=120, per_second=1)
"""Forms for feedback that nobody asked for: each may become a stored answer."""

FEEDBACK = Rate("feedback", burst=60, per_second=0.5)
"""Answers at one touchpoint that nobody asked for, whoever sends them: the key stands in the page for all to read.
What comes above it is held apart."""

FEEDBACK_ON_PAGE = Rate("feedback on a page", burst=20, per_second=0.1)
"""The same on one page's address, since a touchpoint may stand on many."""

HELD_FEEDBACK = Rate("held feedback", burst=1000, per_second=0.1)
"""What is held apart at one touchpoint, so that a flood fills no disk."""


def limit(rate: Rate = CALLS, place: str | None = None) -> None:
    """Raises 429 where the caller's address (or, whoever calls, a place) has used up a rate in this process."""
    caller = place or caller_at(request.remote_addr)
    if caller is None:
        return
    wait = _take(rate, caller)
    if wait:
        raise errors.TooMany("Too many requests from here. Wait a moment.", retry_after=wait)


def is_over(rate: Rate, place: str) -> bool:
    """Whether a place has used up a rate in this process; one that has not is counted."""
    return _take(rate, place) > 0


def _take(rate: Rate, caller: str) -> int:
    return cast(Rates, web.extension("afterword_rates")).take(rate, caller, web.now())
