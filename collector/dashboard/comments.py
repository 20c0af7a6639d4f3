"""Customers' own words: found by place, score band, channel, persona and words."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from collector.dashboard.period import Period
from collector.dashboard.sources import midnight
from collector.kpis.metrics import METRICS
from collector.responses import Response

BANDS = ("bottom", "middle", "top")
MOST = 200


@dataclass(frozen=True)
class Comment:
    """What one customer wrote, with the score given beside it and the band that the score lies in."""

    text: str
    score: int | None
    metric: str
    band: str
    touchpoint: str
    channel: str | None
    locale: str | None
    at: datetime


@dataclass(frozen=True)
class Wanted:
    """Which comments; None and empty mean all. ``words`` must all occur."""

    period: Period
    journey: str | None = None
    touchpoints: tuple[str, ...] | None = None
    band: str | None = None
    channel: str | None = None
    persona: str | None = None
    version: int | None = None
    words: tuple[str, ...] = ()


def latest(session: Session, workspace_id: uuid.UUID, wanted: Wanted, limit: int = 10) -> list[Comment]:
    """The newest comments of customers first."""
    query = select(Response).where(
        Response.workspace_id == workspace_id,
        Response.respondent == "customer",
        Response.comment.is_not(None),
        *_conditions(wanted),
    )
    rows = session.scalars(
        query.order_by(Response.occurred_at.desc(), Response.response_id).limit(min(limit, MOST))
    )
    return [_comment(row) for row in rows]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    period = wanted.period
    conditions: list[ColumnElement[bool]] = [
        Response.occurred_at >= midnight(period.first),
        Response.occurred_at < midnight(period.last + timedelta(days=1)),
    ]
    exact = (
        (Response.journey, wanted.journey),
        (Response.channel, wanted.channel),
        (Response.persona, wanted.persona),
        (Response.journey_version, wanted.version),
    )
    conditions += [column == value for column, value in exact if value is not None]
    if wanted.touchpoints is not None:
        conditions.append(Response.touchpoint.in_(wanted.touchpoints))
    if wanted.band is not None:
        conditions.append(_in_band(wanted.band))
    conditions += [Response.comment.icontains(word, autoescape=True) for word in wanted.words]
    return conditions


def _in_band(band: str) -> ColumnElement[bool]:
    """The band of a score depends on its metric: 6 is bottom for the NPS and top for the CES."""
    return or_(
        *(and_(Response.metric == key, Response.score.in_(scores)) for key, scores in _bands(band).items())
    )


def _bands(band: str) -> dict[str, list[int]]:
    return {
        key: [score for score in range(metric.lowest, metric.highest + 1) if band_of(key, score) == band]
        for key, metric in METRICS.items()
    }


def band_of(metric: str, score: int | None) -> str:
    """``top``, ``bottom`` or ``middle``."""
    if score is None or metric not in METRICS:
        return "middle"
    definition = METRICS[metric]
    return "top" if score in definition.top else "bottom" if score in definition.bottom else "middle"


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
    )
