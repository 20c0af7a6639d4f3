"""The demo shows one run that is over and one that goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import rollup_anew
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import clock, results, workspaces
from collector.communities import panels, runs
from collector.dashboard import journey_page, touchpoint_page
from collector.dashboard.period import Period
from collector.dashboard.sources import Chosen
from collector.demo import runs as demo_runs
from collector.demo import seed
from collector.responses import Response
from collector.surveys import MetricSeries
from tests.collector.demo.conftest import NOW


def test_one_is_over_and_one_goes_on(session: Session) -> None:
    now = clock.FixedClock()()
    workspace = seed.open_workspace(session, now).workspace
    assert demo_runs.add(session, workspace, seed.EMAIL, now) > 400
    found = {run.key: run for run in runs.page(session, workspace.workspace_id)[0]}
    assert found["clear-tariffs"].state == "concluded"
    assert found["clear-tariffs"].verdict is not None
    assert found["clear-tariffs"].verdict["word"] == "supported"
    assert found["clear-confirmation"].state == "running"


def test_the_one_that_goes_on_asks_the_panel(session: Session) -> None:
    now = clock.FixedClock()()
    workspace = seed.open_workspace(session, now).workspace
    demo_runs.add(session, workspace, seed.EMAIL, now)
    counts = panels.actions.counts(session, workspace.workspace_id)["sounding-board"]
    assert (counts.active, counts.left) == (160, 4)
    told = panels.progress(session, workspace_id=workspace.workspace_id, run_key="clear-confirmation")
    assert told.invited == told.opened == 160
    assert 50 < told.finished < 100
    run = runs.get(session, workspace.workspace_id, "clear-confirmation")
    cells = results.reading.progress(session, run).cells
    assert sum(cell.answered for cell in cells) == told.finished


def test_a_run_with_more_answers_does_not_stand_for_its_touchpoint(
    session: Session, filled: workspaces.Workspace
) -> None:
    demo_runs.add(session, filled, seed.EMAIL, NOW)
    reading, *_ = of_touchpoint(session, filled)
    assert reading is not None
    assert reading.metric.key == "csat"
    assert reading.n < 160


def test_whom_a_run_asked_stands_in_no_figure_of_its_touchpoint(
    session: Session, filled: workspaces.Workspace
) -> None:
    before = of_touchpoint(session, filled), of_journey(session, filled)
    demo_runs.add(session, filled, seed.EMAIL, NOW)
    assert (of_touchpoint(session, filled), of_journey(session, filled)) == before
    mine = Response.workspace_id == filled.workspace_id
    asked = select(Response.series_id).where(mine, Response.run.is_not(None))
    session.execute(update(MetricSeries).where(MetricSeries.series_id.in_(asked)).values(metric="csat"))
    session.execute(update(Response).where(mine, Response.run.is_not(None)).values(metric="csat", score=1))
    rollup_anew.make(session, filled.workspace_id)
    assert (of_touchpoint(session, filled), of_journey(session, filled)) == before, "nor by the same question"


def of_touchpoint(session: Session, workspace: workspaces.Workspace) -> tuple[Any, ...]:
    chosen = Chosen(days(workspace), touchpoints=("renewal-page",))
    page = touchpoint_page.open_touchpoint(session, workspace.workspace_id, "renewal-page", chosen)
    return page.reading, page.reach, page.responders


def of_journey(session: Session, workspace: workspaces.Workspace) -> tuple[Any, ...]:
    page = journey_page.open_journey(session, workspace.workspace_id, "renewal", days(workspace))
    return page.n, page.stated, page.response_rate


def days(workspace: workspaces.Workspace) -> Period:
    return Period(NOW.date() - timedelta(days=89), NOW.date(), 90, workspace.timezone)
