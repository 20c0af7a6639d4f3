"""Where customers leave a journey without finishing it: abandonment as a whole, then step by step.

Read from what is known of each journey instance: interactions, triggers, answers. Who has been silent for the
journey's ``abandoned_after_days`` without reaching its last touchpoint has left; who may still come counts nowhere,
nor does who began so lately that nobody can have left yet.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from collector import errors, journeys
from collector.kpis import walks
from collector.kpis.paths import abandonment, drop_offs, judged
from collector.statistics import Share

COLUMNS = ("touchpoint", "visited", "left", "share", "low", "high")
WHOLE = ""


def drop_off(
    session: Session,
    workspace_id: uuid.UUID,
    journey: str,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[tuple[Any, ...]]:
    """The rows: the whole journey (no touchpoint), then each touchpoint, the most left first.

    ``since`` (inclusive) and ``until`` (not) are about when an instance began. Raises 404 for an unknown journey.
    """
    facts = journeys.find_journey(session, workspace_id, journey)
    if facts is None:
        raise errors.NotFound(f"There is no journey {journey!r}.", "unknown_journey")
    ends = frozenset({facts.last_touchpoint} if facts.last_touchpoint else ())
    timeout = timedelta(days=facts.abandoned_after_days)
    meant = walks.begun(workspace_id, journey, since, until)
    instances = judged(walks.read(session, workspace_id, journey, meant), timeout, now)
    yield _row(WHOLE, abandonment(instances, ends, timeout, now))
    steps = drop_offs(instances, ends, timeout, now)
    for touchpoint, left in sorted(steps.items(), key=lambda item: (-item[1].count, item[0])):
        yield _row(touchpoint, left)


def _row(touchpoint: str, left: Share) -> tuple[Any, ...]:
    figures = (left.value, left.low, left.high)
    return touchpoint, left.base, left.count, *(None if v is None else round(v, 6) for v in figures)
