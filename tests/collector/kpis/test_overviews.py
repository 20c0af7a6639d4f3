"""Reads over all touchpoints: they find what the cube finds, counted answers and those that wait, on both databases."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from collector import clock, kpis
from collector.kpis import METRICS, cube, overviews, rollups
from collector.responses import Response
from collector.surveys import MetricSeries

FIRST = date(2026, 10, 12)
STARTS = [FIRST + timedelta(days=7 * week) for week in range(4)]


@pytest.fixture
def answers(session: Session, workspace: Any, time: clock.FixedClock) -> uuid.UUID:
    """Forty answers over four weeks at two touchpoints, half of them counted; the workspace's id."""
    who, series = workspace.workspace_id, clock.new_id()
    session.add(MetricSeries(workspace_id=who, series_id=series, survey="s", metric="nps", fingerprint="0" * 64, started_at=time()))  # fmt: skip
    session.flush()
    for number in range(40):
        at = time() - timedelta(days=number % 28)
        session.add(
            Response(
                workspace_id=who, response_id=clock.new_id(), touchpoint=f"t{number % 2}", survey="s", survey_version=1,
                journey="way" if number % 3 else None, series_id=series, metric="nps", score=number % 11, occurred_at=at,
                day=at.date(), received_at=at, updated_at=at,
            )
        )  # fmt: skip
        session.flush()
        if number == 19:
            assert rollups.count(session, time()) == 20
    return who


def test_both_periods_add_up_to_what_the_cube_finds(session: Session, answers: uuid.UUID) -> None:
    chosen = kpis.Slice("nps")
    found: Counter[tuple[Any, ...]] = Counter()
    for count in overviews.both_periods(session, answers, chosen, FIRST):
        found[count.journey, count.touchpoint, count.score, "now"] += count.now
        found[count.journey, count.touchpoint, count.score, "before"] += count.before
    expected: Counter[tuple[Any, ...]] = Counter()
    for cell in cube.read_cells(session, answers, chosen, ("journey", "touchpoint"), "day"):
        assert cell.start is not None
        expected[*cell.group, cell.score, "now" if cell.start >= FIRST else "before"] += cell.n
    assert +found == +expected
    assert found.total() == 40


@pytest.mark.parametrize("journey", [None, "way"])
@pytest.mark.parametrize("metric", ["nps", "csat", "ces"])
def test_a_stretch_is_worth_the_sum_of_its_answers(
    session: Session, answers: uuid.UUID, journey: str | None, metric: str
) -> None:
    chosen = kpis.Slice("nps", journey=journey, since=FIRST)
    sums: Counter[tuple[str, int]] = Counter()
    for each in overviews.trends(session, answers, chosen, METRICS[metric], STARTS):
        sums[each.touchpoint, each.place] += round(each.worth)
    expected: Counter[tuple[str, int]] = Counter()
    for cell in cube.read_cells(session, answers, chosen, ("touchpoint",), "week"):
        assert cell.start is not None
        expected[cell.group[0], STARTS.index(cell.start)] += worth(metric, cell.score) * cell.n
    assert dict(sums) == dict(expected)


def worth(metric: str, score: int) -> int:
    if metric == "ces":
        return score
    top, bottom = score in METRICS[metric].top, score in METRICS[metric].bottom
    return 100 * (top - (bottom if metric == "nps" else 0))


@pytest.mark.parametrize("kind", ["both", "trends"])
def test_sqlite_answers_from_a_covering_index(sqlite_session: Session, kind: str) -> None:
    seen: list[str] = []
    connection = sqlite_session.connection()
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.set_trace_callback(seen.append)
    run(kind, sqlite_session)
    raw.set_trace_callback(None)
    plan = " ".join(
        str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {seen[-1].replace(':', '')}"))
    )
    index = "ix_rollup_journey" if kind == "both" else "ix_rollup_touchpoint"
    assert f"rollup USING COVERING INDEX {index}" in plan
    assert "response USING INDEX ix_response_uncounted" in plan


def run(kind: str, session: Session) -> None:
    who, chosen = uuid.uuid4(), kpis.Slice("nps", since=FIRST, until=STARTS[-1])
    if kind == "both":
        list(overviews.both_periods(session, who, chosen, STARTS[1]))
    else:
        list(overviews.trends(session, who, chosen, METRICS["nps"], STARTS))


@pytest.fixture
def sqlite_session(sqlite_url: str) -> Any:
    from collector import db

    engine = db.make_engine(sqlite_url)
    with db.make_sessions(engine)() as made:
        yield made
    engine.dispose()
