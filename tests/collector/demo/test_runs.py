"""The demo shows one run that is over and one that goes on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from collector import clock, results, workspaces
from collector.communities import panels, runs
from collector.dashboard import touchpoint_page
from collector.dashboard.period import Period
from collector.dashboard.sources import Chosen
from collector.demo import runs as demo_runs
from collector.demo import seed
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
    period = Period(NOW.date() - timedelta(days=89), NOW.date(), 90, filled.timezone)
    chosen = Chosen(period, touchpoints=("renewal-page",))
    page = touchpoint_page.open_touchpoint(session, filled.workspace_id, "renewal-page", chosen)
    assert page.reading is not None
    assert page.reading.metric.key == "csat"
    assert page.reading.n < 160
