"""The demo company has insights in different states, each from a verdict; one of them is being watched."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import workspaces
from collector.demo import insights, seed
from collector.insights import Action, Insight, Recovery
from tests.collector.demo.conftest import NOW


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_its_insights_are_in_different_states(session: Session, company: workspaces.Workspace) -> None:
    seed.fill(session, company, NOW, scale=0.08)
    filed = insights.add(session, company, seed.EMAIL, NOW)
    rows = session.scalars(select(Insight)).all()
    assert len(rows) == filed >= 2
    assert {"done", "working"} <= {row.state for row in rows}
    assert len({row.touchpoint for row in rows}) == filed
    assert all(row.priority > 0 for row in rows)
    overdue = session.scalars(select(Action).where(Action.state == "open")).all()
    assert overdue
    assert all(action.due < NOW.date() for action in overdue)
    watched = session.scalars(select(Recovery)).one()
    assert watched.n_since > 0
