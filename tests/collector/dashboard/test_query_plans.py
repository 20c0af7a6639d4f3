"""What every look at a page reads must not grow with everything that ever came in: an index knows it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

import pytest
from query_plan import plans_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import db
from collector.dashboard import sources, unassigned
from collector.dashboard.period import Period
from collector.dashboard.sources import Chosen
from collector.db import AtTouchpoint
from collector.journeys import scoping
from collector.workspaces import scopes, sight

PERIOD = Period(date(2026, 8, 5), date(2026, 11, 2))


@pytest.fixture
def sqlite_session(sqlite_url: str) -> Iterator[Session]:
    engine = db.make_engine(sqlite_url)
    with db.make_sessions(engine)() as made:
        yield made
    engine.dispose()


@pytest.mark.parametrize(
    "table",
    sorted(scoping.tables(), key=lambda table: table.__tablename__),
    ids=lambda table: table.__tablename__,
)
def test_a_scope_is_asked_of_each_row_by_its_key(sqlite_session: Session, table: type[AtTouchpoint]) -> None:
    """A list made anew for each row of a table is as much work as the square of its length."""
    sight.bind(sqlite_session, sight.Sight(uuid.uuid4(), scopes.of(["sales"]), "own"))
    plans = plans_of(sqlite_session, lambda: sqlite_session.scalars(select(table)).all())
    assert plans
    assert not [plan for plan in plans if "CORRELATED LIST" in plan]


@pytest.mark.parametrize("journey", [None, "first-order"])
def test_the_response_rate_reads_cells_and_what_is_not_counted_yet(
    sqlite_session: Session, journey: str | None
) -> None:
    chosen = Chosen(PERIOD, journey=journey)
    (plan,) = plans_of(
        sqlite_session, lambda: sources.funnel(sqlite_session, uuid.uuid4(), chosen, ["hotline", "installed"])
    )
    assert "SEARCH ask_rollup USING PRIMARY KEY (workspace_id=? AND touchpoint=? AND day>? AND day<?" in plan
    assert (
        "ix_invitation_uncounted (workspace_id=? AND touchpoint=? AND created_at>? AND created_at<?" in plan
    )


def test_only_what_nobody_defined_is_read_to_list_it(sqlite_session: Session) -> None:
    plans = plans_of(sqlite_session, lambda: unassigned.strays(sqlite_session, uuid.uuid4()))
    _known, answered, triggers, interactions, _answers = plans
    assert answered.count("COVERING INDEX ix_response_touchpoint") == 2
    assert "touchpoint>?" in answered
    assert "ix_decision_unassigned" in triggers
    assert "COVERING INDEX ix_interaction_unassigned" in interactions
