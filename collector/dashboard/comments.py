"""Customers' own words as a page shows them: with the score given beside them and the band it lies in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from collector import responses
from collector.dashboard.sources import VIEWS, Chosen
from collector.invitations import FOLLOW_UP
from collector.kpis import band_of, cube, groups, scores_of
from collector.responses import Response


@dataclass(frozen=True)
class Comment:
    """What one customer wrote, with the score given beside it and the band that the score lies in.

    ``volunteered``: nobody had asked, and ``again``: they were asked once more; so the score stands in none of the page's
    figures.
    """

    text: str
    score: int | None
    metric: str
    band: str
    touchpoint: str
    channel: str | None
    locale: str | None
    at: datetime
    volunteered: bool
    again: bool
    response_id: uuid.UUID
    received_at: datetime


def latest(
    session: Session,
    workspace_id: uuid.UUID,
    chosen: Chosen,
    limit: int = 10,
    band: str | None = None,
    search: str = "",
    among: tuple[uuid.UUID, ...] | None = None,
    but: Select[Any] | None = None,
) -> list[Comment]:
    """The newest comments of the answers that a page counts; ``search`` finds words in any inflection."""
    scores = scores_of(band) if band else None
    wanted = replace(wanted_of(workspace_id, chosen), scores=scores, search=search, among=among, but=but)
    return [_comment(row) for row in responses.comments(session, workspace_id, wanted, limit)]


def wanted_of(workspace_id: uuid.UUID, chosen: Chosen) -> responses.Wanted:
    """What a page asks for: by who the customers are, only the comments of closed groups."""
    person = cube.about_people(chosen.slice("", chosen.period))
    view = VIEWS[chosen.view]
    only = groups.released(workspace_id, person[0], person[1] or "") if person else None
    return responses.Wanted(
        only=only,
        first=chosen.period.first,
        last=chosen.period.last,
        journey=chosen.journey,
        touchpoints=chosen.touchpoints,
        channel=chosen.channel,
        version=chosen.version,
        respondent=view.get("respondent", "customer"),
        sources=view.get("sources"),
        target=view.get("target", "touchpoint" if chosen.touchpoints else None),
    )


def _comment(row: Response) -> Comment:
    return Comment(
        text=row.comment or "",
        score=row.score,
        metric=row.metric,
        band=band_of(row.metric, row.score),
        touchpoint=row.touchpoint,
        channel=row.channel,
        locale=row.locale,
        at=row.occurred_at,
        volunteered=row.source == "volunteered",
        again=row.source == FOLLOW_UP,
        response_id=row.response_id,
        received_at=row.received_at,
    )
