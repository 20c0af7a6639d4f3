"""A finished quarter for the board: what hurt, what was done, what recovered, as its readers may see it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from collector import days
from collector.insights.models import Action, Insight, Recovery
from collector.insights.quarters import Quarter
from collector.kpis import Verdict, Window, verdicts
from collector.statistics import Compared


@dataclass(frozen=True)
class Hurt:
    """A fall that held beside all that was compared in its journey."""

    journey: str
    verdict: Verdict


@dataclass(frozen=True)
class Report:
    """``hurt``: the falls, the largest first, of all that was ``compared``; ``filed``: insights by the state they are in
    now; ``done``: what was finished, with what it was for; ``recoveries``: what came of insights that were done, as known
    today."""

    quarter: Quarter
    hurt: tuple[Hurt, ...]
    compared: tuple[tuple[str, Compared], ...]
    filed: dict[str, int]
    done: tuple[tuple[Action, Insight], ...]
    recoveries: tuple[tuple[Recovery, Insight], ...]

    def recovered(self, *states: str) -> list[tuple[Recovery, Insight]]:
        """The recoveries in some states."""
        return [each for each in self.recoveries if each[0].state in states]


def read(session: Session, workspace_id: uuid.UUID, quarter: Quarter, zone: str) -> Report:
    """The report of a quarter, its days by a time zone."""
    window = Window(quarter.first, quarter.last, _as_long_before(quarter.first, quarter.last))
    stated = {
        key: verdicts.of_journey(
            session, workspace_id, window, key, verdicts.places(session, workspace_id, key)
        )
        for key in verdicts.journey_keys(session, workspace_id)
    }
    falls = [Hurt(key, each) for key, found in stated.items() for each in found.verdicts if each.falls]
    return Report(
        quarter=quarter,
        hurt=tuple(sorted(falls, key=lambda each: each.verdict.part)),
        compared=tuple((key, each) for key, found in stated.items() for each in found.compared),
        filed=_filed(session, workspace_id, quarter, zone),
        done=tuple(_done(session, workspace_id, quarter, zone)),
        recoveries=tuple(_recoveries(session, workspace_id, quarter)),
    )


def _as_long_before(first: date, last: date) -> date:
    return first - (last - first) - timedelta(days=1)


def _filed(session: Session, workspace_id: uuid.UUID, quarter: Quarter, zone: str) -> dict[str, int]:
    """State -> the insights that were filed in the quarter and are in that state now."""
    since, until = days.bounds(quarter.first, quarter.last, zone)
    query = select(Insight.state, func.count()).where(
        Insight.workspace_id == workspace_id, Insight.created_at >= since, Insight.created_at < until
    )
    return {str(state): int(n) for state, n in session.execute(query.group_by(Insight.state))}


def _done(
    session: Session, workspace_id: uuid.UUID, quarter: Quarter, zone: str
) -> Sequence[tuple[Action, Insight]]:
    """The actions that were finished in the quarter, those of the weightiest insights first."""
    since, until = days.bounds(quarter.first, quarter.last, zone)
    same = (Insight.workspace_id == Action.workspace_id) & (Insight.insight_id == Action.insight_id)
    query = (
        select(Action, Insight)
        .join(Insight, same)
        .where(
            Action.workspace_id == workspace_id,
            Action.state == "done",
            Action.done_at >= since,
            Action.done_at < until,
        )
    )
    rows = session.execute(query.order_by(Insight.priority.desc(), Action.done_at, Action.action_id))
    return [(action, insight) for action, insight in rows]


def _recoveries(
    session: Session, workspace_id: uuid.UUID, quarter: Quarter
) -> Sequence[tuple[Recovery, Insight]]:
    """What came of the insights that were done in the quarter, or recovered in it."""
    same = (Insight.workspace_id == Recovery.workspace_id) & (Insight.insight_id == Recovery.insight_id)
    inside = [
        column.between(quarter.first, quarter.last) for column in (Recovery.done_on, Recovery.recovered_on)
    ]
    query = (
        select(Recovery, Insight)
        .join(Insight, same)
        .where(Recovery.workspace_id == workspace_id, or_(*inside))
    )
    rows = session.execute(query.order_by(Insight.priority.desc(), Recovery.done_on, Recovery.insight_id))
    return [(recovery, insight) for recovery, insight in rows]
