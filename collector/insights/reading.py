"""Insights as they are read: lists, one whole, and the answers that it cites as far as they are still there."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from collector import errors
from collector.insights import rules
from collector.insights.models import Insight, InsightCitation, InsightComment, InsightLink, InsightOwner
from collector.responses import Response
from collector.workspaces import sight

PAGE, LARGEST_PAGE = 50, 500


@dataclass(frozen=True)
class Wanted:
    """Which insights somebody asks for; None is any."""

    states: Collection[str] | None = None
    owner: str | None = None
    touchpoint: str | None = None
    journey: str | None = None


@dataclass(frozen=True)
class Citation:
    """A cited answer: ``answer`` None where it was erased, hidden, or is for whoever answers for that touchpoint."""

    response_id: uuid.UUID
    touchpoint: str
    state: str
    answer: Response | None


def get(session: Session, workspace_id: uuid.UUID, insight_id: uuid.UUID) -> Insight:
    """One insight; raises 404 for one that is not here, or belongs to others than the session's scope."""
    query = select(Insight).where(Insight.workspace_id == workspace_id, Insight.insight_id == insight_id)
    row = session.scalars(query).first()
    if row is None:
        raise errors.NotFound("There is no such insight.", "unknown_insight")
    return row


def listed(
    session: Session,
    workspace_id: uuid.UUID,
    wanted: Wanted,
    after: uuid.UUID | None = None,
    limit: int = PAGE,
) -> list[Insight]:
    """The weightiest first, among equals the newest; ``after`` is the last one of the page before."""
    query = _query(workspace_id, wanted)
    if after is not None:
        last = get(session, workspace_id, after)
        same = and_(Insight.priority == last.priority, Insight.insight_id < last.insight_id)
        query = query.where(or_(Insight.priority < last.priority, same))
    order = (Insight.priority.desc(), Insight.insight_id.desc())
    return list(session.scalars(query.order_by(*order).limit(limit)))


def count_by_touchpoint(session: Session, workspace_id: uuid.UUID) -> dict[str, int]:
    """Touchpoint -> the open insights there: the marks of a map."""
    query = select(Insight.touchpoint, func.count()).where(
        Insight.workspace_id == workspace_id, Insight.state.in_(rules.OPEN), Insight.touchpoint.is_not(None)
    )
    return {str(key): int(n) for key, n in session.execute(query.group_by(Insight.touchpoint))}


def owners_of(session: Session, rows: Sequence[Insight]) -> dict[uuid.UUID, list[str]]:
    """Insight -> the departments that answer for it."""
    found: dict[uuid.UUID, list[str]] = {row.insight_id: [] for row in rows}
    if rows:
        query = select(InsightOwner.insight_id, InsightOwner.stakeholder).where(
            InsightOwner.workspace_id == rows[0].workspace_id, InsightOwner.insight_id.in_(found)
        )
        for insight_id, stakeholder in session.execute(query.order_by(InsightOwner.stakeholder)):
            found[insight_id].append(stakeholder)
    return found


def comments_of(session: Session, row: Insight) -> list[InsightComment]:
    """What people wrote about it, the oldest first."""
    here = (InsightComment.workspace_id == row.workspace_id, InsightComment.insight_id == row.insight_id)
    return list(session.scalars(select(InsightComment).where(*here).order_by(InsightComment.comment_id)))


def links_of(session: Session, row: Insight) -> list[InsightLink]:
    """What is attached, the oldest first."""
    here = (InsightLink.workspace_id == row.workspace_id, InsightLink.insight_id == row.insight_id)
    return list(session.scalars(select(InsightLink).where(*here).order_by(InsightLink.link_id)))


def citations_of(session: Session, row: Insight) -> list[Citation]:
    """The answers that it cites: as they stand, or a tombstone."""
    table = InsightCitation
    here = (table.workspace_id == row.workspace_id, table.insight_id == row.insight_id)
    cited = list(session.scalars(select(table).where(*here).order_by(table.cited_at, table.response_id)))
    ids = [each.response_id for each in cited]
    theirs = (Response.workspace_id == row.workspace_id, Response.response_id.in_(ids))
    seen = {each.response_id: each for each in session.scalars(select(Response).where(*theirs))}
    with sight.whole(session):
        there = set(session.scalars(select(Response.response_id).where(*theirs)))
    return [_citation(each, seen.get(each.response_id), each.response_id in there) for each in cited]


def _citation(cited: InsightCitation, answer: Response | None, is_there: bool) -> Citation:
    state = "erased" if not is_there else "out_of_scope" if answer is None else "shown"
    if answer is not None and answer.hidden_at is not None:
        state, answer = "hidden", None
    return Citation(cited.response_id, cited.touchpoint, state, answer)


def _query(workspace_id: uuid.UUID, wanted: Wanted) -> Select[Insight]:
    query = select(Insight).where(Insight.workspace_id == workspace_id)
    if wanted.states is not None:
        query = query.where(Insight.state.in_(sorted(wanted.states)))
    if wanted.touchpoint is not None:
        query = query.where(or_(Insight.touchpoint == wanted.touchpoint, Insight.before == wanted.touchpoint))
    if wanted.journey is not None:
        query = query.where(Insight.journey == wanted.journey)
    if wanted.owner is not None:
        table = InsightOwner
        same = and_(table.workspace_id == Insight.workspace_id, table.insight_id == Insight.insight_id)
        query = query.where(exists().where(same, table.stakeholder == wanted.owner))
    return query
