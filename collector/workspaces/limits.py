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


def limit(rate: Rate = CALLS, place: str | None = None) -> None:
    """Raises 429 where the caller's address (or, whoever calls, a place) has used up a rate in this process."""
    caller = place or caller_at(request.remote_addr)
    if caller is None:
        return
    wait = _take(rate, caller)
    if wait:
        raise errors.TooMany("Too many requests from here. Wait a moment.", retry_after=wait)


def _take(rate: Rate, caller: str) -> int:
    return cast(Rates, web.extension("afterword_rates")).take(rate, caller, web.now())
