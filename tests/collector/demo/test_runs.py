"""The demo shows one run that is over and one that goes on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from collector import clock
from collector.communities import runs
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
