"""A finished quarter on one page, to be printed for the board."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from collector import journeys
from collector.dashboard import board_page, statements
from collector.dashboard.board_page import JourneyRow
from collector.dashboard.period import Period
from collector.insights import Quarter, Report, quarters, report
from collector.journeys import Stakeholder
from collector.statistics import Compared


@dataclass(frozen=True)
class ReportPage:
    """All that the page shows; ``names``: touchpoints and journeys by key."""

    found: Report
    period: Period
    rows: Sequence[JourneyRow]
    names: Mapping[str, str]
    owners: Mapping[str, Stakeholder]
    others: Sequence[Quarter]

    @property
    def compared(self) -> list[Compared]:
        """All that was compared in all journeys, by kind."""
        return list(statements.together([each for _journey, each in self.found.compared]))


def open_report(
    session: Session, workspace_id: uuid.UUID, quarter: Quarter, today: date, zone: str
) -> ReportPage:
    """The report of a quarter, with each journey's own score beside it."""
    period = Period(quarter.first, quarter.last, zone=zone)
    places = board_page.all_touchpoints(session, workspace_id)
    rows = board_page.open_board(session, workspace_id, period)
    names = {row.journey.key: row.journey.name for row in rows}
    return ReportPage(
        found=report.read(session, workspace_id, quarter, zone),
        period=period,
        rows=rows,
        names=names | {key: each.label for key, each in places.items()},
        owners={each.key: each for each in journeys.stakeholders(session, workspace_id)},
        others=quarters.latest(today),
    )
