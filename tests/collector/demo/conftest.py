"""The demo's company in a database, with a small sample."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from collector import workspaces
from collector.demo import seed

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
SCALE = 0.06


@pytest.fixture
def company(session: Session) -> workspaces.Workspace:
    """The company without a sample."""
    opened = seed.open_workspace(session, NOW)
    session.commit()
    return opened.workspace


@pytest.fixture
def filled(session: Session, company: workspaces.Workspace) -> workspaces.Workspace:
    """The company with about five hundred answers."""
    seed.fill(session, company, NOW, scale=SCALE)
    session.commit()
    return company
