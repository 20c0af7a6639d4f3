"""Which answers may stand in one figure: those of one series, and after a break the one that leads.

A confirmed change of a question ends a series and begins another; numbers of the two cannot be compared, summed or
joined. The old one leads, until the new one has 30 answers in what is looked at. Of surveys side by side at a
touchpoint, the one with the most answers leads; imports are series of their own. A run asks whom it chose and may show
variants, and has a page of its own: it does not stand for a place that has other answers, and is never compared.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.communities.runs import StoredRun
from collector.statistics import LEAST
from collector.surveys import MetricSeries


class OfSeries(Protocol):
    """Answers of one series."""

    @property
    def series(self) -> uuid.UUID | None: ...


Answers = TypeVar("Answers", bound=OfSeries)
Replaced = Mapping[uuid.UUID, uuid.UUID]
"""Series -> the one that took its place."""


def replaced(session: Session, workspace_id: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """All breaks of a workspace."""
    table = MetricSeries
    query = select(table.follows, table.series_id).where(
        table.workspace_id == workspace_id, table.follows.is_not(None)
    )
    return {old: new for old, new in session.execute(query) if old is not None}


def of_runs(session: Session, workspace_id: uuid.UUID) -> set[uuid.UUID]:
    """The series of what runs ask."""
    run, asked = StoredRun.__table__.c, MetricSeries.__table__.c
    query = select(asked.series_id).where(
        asked.workspace_id == workspace_id, run.workspace_id == workspace_id, run.survey == asked.survey
    )
    return set(session.scalars(query))


def standing(
    found: Iterable[Answers], runs: Collection[uuid.UUID], place: Callable[[Answers], Hashable]
) -> list[Answers]:
    """Without those of runs, wherever a place has others."""
    every = list(found)
    others = {place(each) for each in every if each.series not in runs}
    return [each for each in every if each.series not in runs or place(each) not in others]


def leading(counts: Mapping[uuid.UUID, int], replaced: Replaced, least: int = LEAST) -> uuid.UUID | None:
    """Return the series that leads, given the answers of each at one place to one question; None without any."""
    chains: dict[uuid.UUID, list[uuid.UUID]] = {}
    for series in counts:
        if counts[series]:
            chains.setdefault(_newest(series, replaced), []).append(series)
    heads = [_head(chain, counts, replaced, least) for chain in chains.values()]
    return max(heads, key=lambda series: (counts[series], series), default=None)


def _newest(series: uuid.UUID, replaced: Replaced) -> uuid.UUID:
    while series in replaced:
        series = replaced[series]
    return series


def _head(
    chain: list[uuid.UUID], counts: Mapping[uuid.UUID, int], replaced: Replaced, least: int
) -> uuid.UUID:
    """The newest of a chain that has enough answers, else the oldest that has any."""
    newest_first = sorted(chain, key=lambda series: _age(series, replaced))
    return next((series for series in newest_first if counts[series] >= least), newest_first[-1])


def _age(series: uuid.UUID, replaced: Replaced) -> int:
    """How many others came after it."""
    later = 0
    while series in replaced:
        series, later = replaced[series], later + 1
    return later
