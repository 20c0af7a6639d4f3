"""Reads over all touchpoints: they find what the cube finds, counted answers and those that wait, on both databases."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from query_plan import plans_of
from sqlalchemy.orm import Session

from collector import clock, db, kpis
from collector.kpis import METRICS, cube, overviews, rollups
from collector.responses import Response
from collector.surveys import MetricSeries

FIRST = date(2026, 10, 12)


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
            assert rollups.count(session, time() + timedelta(minutes=1)) == 20
    return who


@pytest.mark.parametrize("dimensions", [("journey", "touchpoint"), ("touchpoint",)])
def test_both_periods_add_up_to_what_the_cube_finds(
    session: Session, answers: uuid.UUID, dimensions: tuple[str, ...]
) -> None:
    chosen = kpis.Slice("nps")
    read = overviews.by_journey if "journey" in dimensions else overviews.by_touchpoint
    found: Counter[tuple[Any, ...]] = Counter()
    for count in read(session, answers, chosen, FIRST):
        group = [getattr(count, name) for name in dimensions]
        found[*group, count.score, "now"] += count.now
        found[*group, count.score, "before"] += count.n - count.now
    expected: Counter[tuple[Any, ...]] = Counter()
    for cell in cube.read_cells(session, answers, chosen, dimensions, "day"):
        assert cell.start is not None
        expected[*cell.group, cell.score, "now" if cell.start >= FIRST else "before"] += cell.n
    assert +found == +expected
    assert found.total() == 40


@pytest.mark.parametrize("journey", [None, "way"])
@pytest.mark.parametrize("metric", ["nps", "csat", "ces"])
def test_a_day_is_worth_the_sum_of_its_answers(
    session: Session, answers: uuid.UUID, journey: str | None, metric: str
) -> None:
    chosen = kpis.Slice("nps", journey=journey, since=FIRST)
    found = {
        (each.touchpoint, each.day): (each.n, each.worth)
        for each in overviews.days(session, answers, chosen, METRICS[metric])
    }
    expected: dict[tuple[str, date | None], tuple[int, int]] = {}
    for cell in cube.read_cells(session, answers, chosen, ("touchpoint",), "day"):
        n, sum_so_far = expected.get((cell.group[0], cell.start), (0, 0))
        more = worth(metric, cell.score) * cell.n
        expected[cell.group[0], cell.start] = n + cell.n, sum_so_far + more
    assert found == expected


def worth(metric: str, score: int) -> int:
    if metric == "ces":
        return score
    top, bottom = score in METRICS[metric].top, score in METRICS[metric].bottom
    return 100 * (top - (bottom if metric == "nps" else 0))


WHOLE = kpis.Slice("nps", since=FIRST, until=FIRST + timedelta(days=30))
PLANS = {
    "the board": (overviews.by_journey, WHOLE, "ix_rollup_journey"),
    "all touchpoints": (overviews.by_touchpoint, WHOLE, "ix_rollup_journey"),
    "one journey": (overviews.by_touchpoint, replace(WHOLE, journey="way"), "ix_rollup_journey"),
    "some touchpoints": (
        overviews.by_touchpoint,
        replace(WHOLE, touchpoints=("t0", "t1")),
        "ix_rollup_touchpoint",
    ),
    "all trends": (overviews.days, WHOLE, "ix_rollup_touchpoint"),
    "some trends": (overviews.days, replace(WHOLE, touchpoints=("t0", "t1")), "ix_rollup_touchpoint"),
    "a journey's trends": (overviews.days, replace(WHOLE, journey="way"), "ix_rollup_journey"),
}


@pytest.mark.parametrize("what", PLANS)
def test_sqlite_answers_from_a_covering_index_and_the_few_not_counted(
    sqlite_session: Session, what: str
) -> None:
    read, chosen, index = PLANS[what]
    last: Any = METRICS["nps"] if read is overviews.days else FIRST + timedelta(days=7)
    (plan,) = plans_of(sqlite_session, lambda: list(read(sqlite_session, uuid.uuid4(), chosen, last)))
    assert f"rollup USING COVERING INDEX {index}" in plan
    assert "response USING INDEX ix_response_uncounted" in plan


@pytest.fixture
def sqlite_session(sqlite_url: str) -> Any:
    engine = db.make_engine(sqlite_url)
    with db.make_sessions(engine)() as made:
        yield made
    engine.dispose()
