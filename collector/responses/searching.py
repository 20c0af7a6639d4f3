"""Verb: customers' own words, found by place, score band, channel, persona, attribute and words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from collector import days, workspaces
from collector.responses import stemming
from collector.responses.models import Response

MOST = 200
Scores = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Wanted:
    """Which comments; None and empty mean all. Days are the workspace's, both included.

    ``scores``: metric -> scores that fit, for a band means other scores on each scale. ``search``: words that must all
    occur, in any inflection. ``attribute``: a key and the value that it must have. ``only``: the ids of those that may
    be shown; ``but``: of those that are not; ``among``: of those that are looked for.
    """

    first: date
    last: date
    journey: str | None = None
    touchpoints: tuple[str, ...] | None = None
    channel: str | None = None
    persona: str | None = None
    version: int | None = None
    attribute: tuple[str, str] | None = None
    scores: Scores | None = field(default=None, hash=False)
    search: str = ""
    respondent: str = "customer"
    sources: tuple[str, ...] | None = None
    target: str | None = None
    run: str | None = None
    among: tuple[uuid.UUID, ...] | None = None
    only: Select[Any] | None = field(default=None, hash=False, compare=False)
    but: Select[Any] | None = field(default=None, hash=False, compare=False)


class Said(NamedTuple):
    """One comment with what tells it apart: as little as ten thousand of them need."""

    response_id: uuid.UUID
    comment: str
    comment_stems: str | None
    locale: str | None
    metric: str
    score: int | None
    touchpoint: str
    channel: str | None
    customer: str | None
    occurred_at: datetime

    @property
    def stems(self) -> list[str]:
        """The stems of the comment, each once, in its order."""
        return (self.comment_stems or "").split()


def comments(session: Session, workspace_id: uuid.UUID, wanted: Wanted, limit: int = 10) -> list[Response]:
    """Responses of customers who wrote something, the newest first; at most 200."""
    newest = _newest(session, select(Response), workspace_id, wanted)
    return list(session.scalars(newest.limit(min(limit, MOST))))


def said_in(session: Session, workspace_id: uuid.UUID, wanted: Wanted, limit: int) -> list[Said]:
    """The same as bare rows, as many as are asked for: to be read together, not one by one."""
    columns = [getattr(Response, name) for name in Said._fields]
    newest = _newest(session, select(*columns), workspace_id, wanted)
    return [Said(*row) for row in session.execute(newest.limit(limit))]


def _newest(session: Session, query: Select[Any], workspace_id: uuid.UUID, wanted: Wanted) -> Select[Any]:
    shown = Response.comment.is_not(None), Response.hidden_at.is_(None)
    zone = workspaces.facts(session, workspace_id).timezone
    query = query.where(*shown, *_conditions(workspace_id, wanted, zone))
    if wanted.scores is not None:
        query = query.where(_scored(wanted.scores))
    query = query.where(*(_says(each) for each in stemming.wanted(wanted.search)))
    return query.order_by(Response.occurred_at.desc(), Response.response_id.desc())


def _conditions(workspace_id: uuid.UUID, wanted: Wanted, zone: str) -> list[ColumnElement[bool]]:
    since, until = days.bounds(wanted.first, wanted.last, zone)
    conditions: list[ColumnElement[bool]] = [
        Response.workspace_id == workspace_id,
        Response.respondent == wanted.respondent,
        Response.occurred_at >= since,
        Response.occurred_at < until,
    ]
    exact = (
        (Response.journey, wanted.journey),
        (Response.channel, wanted.channel),
        (Response.persona, wanted.persona),
        (Response.journey_version, wanted.version),
        (Response.target, wanted.target),
        (Response.run, wanted.run),
    )
    conditions += [column == value for column, value in exact if value is not None]
    if wanted.but is not None:
        conditions.append(Response.response_id.not_in(wanted.but))
    if wanted.only is not None:
        conditions.append(Response.response_id.in_(wanted.only))
    if wanted.among is not None:
        conditions.append(Response.response_id.in_(wanted.among))
    if wanted.sources is not None:
        conditions.append(Response.source.in_(wanted.sources))
    if wanted.touchpoints is not None:
        conditions.append(Response.touchpoint.in_(wanted.touchpoints))
    if wanted.attribute is not None:
        conditions.append(has_attribute(*wanted.attribute))
    return conditions


def has_attribute(key: str, value: str) -> ColumnElement[bool]:
    """Whether a response carries an attribute with a value, compared as text: ``2`` and ``"2"`` are the same."""
    element: ColumnElement[Any] = Response.attributes[key].as_string()
    return element == value


def _scored(scores: Scores) -> ColumnElement[bool]:
    return or_(*(and_(Response.metric == key, Response.score.in_(of)) for key, of in scores.items()))


def _says(readings: frozenset[str]) -> ColumnElement[bool]:
    """Whether a word occurs in any of its readings; ``%`` and ``_`` never reach here (a word has none)."""
    return or_(*(Response.comment_stems.contains(f" {stem} ", autoescape=True) for stem in sorted(readings)))
