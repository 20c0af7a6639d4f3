"""A page of all comments reads those of its days, by an index that holds nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

import pytest
from query_plan import plans_of
from sqlalchemy.orm import Session

from collector import db, responses, workspaces
from collector.clock import FixedClock


@pytest.fixture
def sqlite_session(sqlite_url: str) -> Iterator[Session]:
    engine = db.make_engine(sqlite_url)
    with db.make_sessions(engine)() as made:
        yield made
    engine.dispose()


@pytest.mark.parametrize(
    ("touchpoints", "index"),
    [(None, "ix_response_commented"), (("installed",), "ix_response_commented_touchpoint")],
)
def test_comments_are_found_by_their_time(
    sqlite_session: Session, touchpoints: tuple[str, ...] | None, index: str
) -> None:
    workspace_id: uuid.UUID = workspaces.create(sqlite_session, "Example", FixedClock()()).workspace_id
    wanted = responses.Wanted(date(2026, 8, 1), date(2026, 8, 30), touchpoints=touchpoints)
    plan = plans_of(sqlite_session, lambda: responses.said_in(sqlite_session, workspace_id, wanted, 5000))[-1]
    assert f"INDEX {index} (" in plan
    assert "occurred_at>? AND occurred_at<?" in plan
