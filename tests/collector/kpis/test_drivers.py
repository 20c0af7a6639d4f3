"""What goes with the journey's score: found where it was planted, hidden where too few answered twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import clock
from collector.kpis import Window, drivers
from collector.responses import Response
from collector.surveys import MetricSeries

Said = Callable[[int], None]


@pytest.fixture
def said(session: Session, company: Any, time: clock.FixedClock) -> Said:
    """So many ways with an answer at the order, one at the visit and one about the journey, which follows the visit."""
    series = session.scalars(select(MetricSeries.series_id).where(MetricSeries.survey == "order-nps")).one()
    chance = Random(5)

    def answer(way: int, touchpoint: str, score: int, target: str = "touchpoint") -> Response:
        at = time() - timedelta(minutes=way)
        return Response(
            workspace_id=company.workspace_id, response_id=uuid.UUID(int=chance.getrandbits(128)), survey="order-nps",
            survey_version=1, series_id=series, metric="nps", touchpoint=touchpoint, journey="first-order", journey_version=1,
            journey_instance=f"way-{way}", answers={}, score=score, occurred_at=at, day=at.date(), received_at=at, updated_at=at,
            target=target, complete=True,
        )  # fmt: skip

    def call(ways: int) -> None:
        for way in range(ways):
            visit = chance.randint(0, 10)
            whole = min(10, max(0, visit + chance.randint(-3, 3)))
            session.add_all(
                [
                    answer(way, "order-confirmed", chance.randint(0, 10)),
                    answer(way, "installed", visit),
                    answer(way, "installed", whole, target="journey"),
                ]
            )
        session.commit()

    return call


def found(session: Session, company: Any, time: clock.FixedClock) -> drivers.Drivers:
    today = time().date()
    window = Window(today - timedelta(days=30), today, today - timedelta(days=60))
    return drivers.drivers(session, company.workspace_id, window, "UTC", "first-order", "nps")


def test_the_touchpoint_that_goes_with_the_score_stands_first(
    session: Session, company: Any, time: clock.FixedClock, said: Said
) -> None:
    said(140)
    told = found(session, company, time)
    assert (told.n, [key for key, _ in told.found]) == (140, ["installed", "order-confirmed"])
    first, second = (each for _, each in told.found)
    assert first.low <= first.explained <= first.high
    assert first.low > 0.5
    assert second.explained < 0.1
    assert found(session, company, time) == told


def test_a_touchpoint_where_all_said_the_same_is_left_out(
    session: Session, company: Any, time: clock.FixedClock, said: Said
) -> None:
    said(140)
    session.execute(update(Response).where(Response.touchpoint == "order-confirmed").values(score=9))
    told = found(session, company, time)
    assert (told.n, [key for key, _ in told.found]) == (140, ["installed"])


def test_where_all_said_the_same_of_the_journey_nothing_is_found(
    session: Session, company: Any, time: clock.FixedClock, said: Said
) -> None:
    said(140)
    session.execute(update(Response).where(Response.target == "journey").values(score=9))
    told = found(session, company, time)
    assert (told.n, told.found) == (140, ())


def test_under_a_hundred_ways_nothing_is_said(
    session: Session, company: Any, time: clock.FixedClock, said: Said
) -> None:
    said(99)
    told = found(session, company, time)
    assert (told.n, told.found) == (99, ())
