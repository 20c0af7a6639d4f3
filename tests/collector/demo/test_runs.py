"""The demo shows one run that is over and one that goes on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from collector import clock, results
from collector.communities import panels, runs
from collector.demo import runs as demo_runs
from collector.demo import seed


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
