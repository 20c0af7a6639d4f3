"""A second thought: the score of a first click may change for half a minute, or until the customer goes on. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from collector.responses.models import HeldResponse, Response

SECOND_THOUGHT = timedelta(seconds=30)


def may_change(response: Response | HeldResponse, changed: Collection[str], now: datetime) -> bool:
    """Whether these answers may still change: the score alone, while it is fresh and nothing follows it."""
    return (
        set(changed) == {"score"}
        and set(response.answers) == {"score"}
        and not response.complete
        and getattr(response, "counted_at", None) is None  # what is held apart is never counted
        and now < response.received_at + SECOND_THOUGHT
    )
