"""What somebody chose on the page of a touchpoint, and the jobs that count for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.dashboard.period import Period
from collector.dashboard.sources import Chosen
from collector.kpis import rollups
from collector.surveys import MetricSeries


@pytest.fixture
def chosen(time: clock.FixedClock) -> Chosen:
    today = time().date()
    return Chosen(Period(today - timedelta(days=29), today, 30), touchpoints=("installed",))


def series_of(session: Session, touchpoint: str) -> MetricSeries:
    return session.scalars(select(MetricSeries).where(MetricSeries.survey == touchpoint)).one()


def count(session: Session, time: clock.FixedClock) -> None:
    """What the worker does every second."""
    while rollups.count(session, time()):
        pass
