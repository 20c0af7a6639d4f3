"""What a call or a file asks for, made into what is read: days of the workspace's zone, places that are here."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from collector import days, errors, journeys, responses, workspaces
from collector.kpis import in_zone
from collector.topics.reading import Asked

DEFAULT_DAYS = 90


def asked_for(session: Session, company: workspaces.Company, query: dict[str, Any], now: datetime) -> Asked:
    """Which comments a query asks for, the last 90 days unless said; raises 404 for a place that is not here."""
    query = in_zone(query, company.timezone)
    _check(session, company.workspace_id, query)
    last = query["until"] or days.day_of(now, company.timezone)
    first = query["since"] or last - timedelta(days=DEFAULT_DAYS - 1)
    _check_days(first, last)
    touchpoints = (query["touchpoint"],) if query["touchpoint"] else None
    wanted = responses.Wanted(
        first,
        last,
        journey=query["journey"],
        touchpoints=touchpoints,
        target="touchpoint" if touchpoints else None,
    )
    return Asked(wanted, query["band"], query["channel"])


def _check_days(first: date, last: date) -> None:
    if first > last:
        raise errors.BadInput(
            "`from` lies behind `to`.", "bad_period", {"from": ["must not lie behind `to`"]}
        )


def _check(session: Session, workspace_id: uuid.UUID, query: dict[str, Any]) -> None:
    """A touchpoint or journey that is not here is an error, not an empty list."""
    key, journey = query["touchpoint"], query["journey"]
    if key and journeys.find_touchpoint(session, workspace_id, key) is None:
        raise errors.NotFound(f"There is no touchpoint {key!r}.", "unknown_touchpoint")
    if journey and journeys.find_journey(session, workspace_id, journey) is None:
        raise errors.NotFound(f"There is no journey {journey!r}.", "unknown_journey")
