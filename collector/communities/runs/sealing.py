"""Keeps what a run was told unread while its fixed number of answers is collected: one place for all pages, calls and files.

Whoever may look at scores and comments on the way stops when they please, and a fixed number decides nothing any more.
So whatever tells of answers (``db.AtTouchpoint`` with a series) is found by no session that reads for somebody until the
number is there or the run is concluded. What decides, counts or erases says so (``sight.whole``, ``sight.unsealed``).
"""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, Select, event, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from collector import revisions
from collector.communities.runs.models import StoredRun
from collector.db import AtTouchpoint, constant
from collector.surveys import MetricSeries
from collector.workspaces import sight

RUN, SERIES = StoredRun.__table__.c, MetricSeries.__table__.c
SEALED = (RUN.design == constant("fixed"), RUN.state == constant("running"), RUN.reached_at.is_(None))


@event.listens_for(Session, "do_orm_execute")
def keep_sealed(state: ORMExecuteState) -> None:
    """Before each statement of any session: see above."""
    seen = sight.of(state.session)
    if seen.workspace_id is None or not seen.is_sealed or not state.is_select or state.is_column_load:
        return
    if hidden := series(state.session, seen.workspace_id):
        criteria = (
            with_loader_criteria(table, _is_open(table, hidden), include_aliases=True) for table in _tables()
        )
        state.statement = state.statement.options(*criteria)


def series(session: Session, workspace_id: uuid.UUID) -> list[uuid.UUID]:
    """The series of what is asked by runs that still collect, remembered (see ``revisions``)."""

    def load() -> list[uuid.UUID]:
        with sight.whole(session):
            return list(session.scalars(_series().where(RUN.workspace_id == workspace_id)))

    return revisions.remember(session, workspace_id, "sealed", load)


def _series() -> Select[uuid.UUID]:
    same = (SERIES.workspace_id == RUN.workspace_id) & (SERIES.survey == RUN.survey)
    return select(SERIES.series_id).join(StoredRun.__table__, same).where(*SEALED).order_by(SERIES.series_id)


def _tables() -> list[type[AtTouchpoint]]:
    """The tables whose rows tell what was answered."""
    mapped = (mapper.class_ for mapper in AtTouchpoint.registry.mappers)
    return [table for table in mapped if issubclass(table, AtTouchpoint) and hasattr(table, "series_id")]


def _is_open(table: type[AtTouchpoint], hidden: list[uuid.UUID]) -> ColumnElement[bool]:
    column = table.__table__.c.series_id
    of: ColumnElement[uuid.UUID] = table.series_id  # type: ignore[attr-defined]
    return of.is_(None) | of.not_in(hidden) if column.nullable else of.not_in(hidden)
