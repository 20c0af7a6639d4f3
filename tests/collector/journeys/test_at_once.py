"""Two people at the same moment: one of them is told, nothing is lost, nothing is made twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector import changes, clock, db, errors, journeys, workspaces
from collector.journeys import edit

OF_JOURNEYS = changes.Wanted(nouns=frozenset({"stakeholder", "persona", "touchpoint", "journey"}))

Document = dict[str, Any]


def _both(engine: Engine, *work: Any) -> list[Any]:
    """Run each piece of work in a transaction of its own, all starting together; what they return or raise."""
    start = Barrier(len(work))
    sessions = db.make_sessions(engine)

    def run(piece: Any) -> Any:
        start.wait(timeout=30)
        try:
            with sessions.begin() as session:
                return piece(session)
        except errors.AfterwordError as error:
            return error

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_of_two_edits_of_one_version_the_later_is_refused(
    engine: Engine, session: Session, workspace: Any, time: clock.FixedClock, smallest: Document
) -> None:
    wid = workspace.workspace_id
    journeys.apply(session, wid, smallest, "anna", time())
    session.commit()

    def rename(name: str) -> Any:
        operation = edit.set_step("visit", name=name)
        return lambda own: journeys.change_journey(own, wid, "first-order", 1, operation, name, time())

    results = _both(engine, rename("By Anna"), rename("By Ben"))
    assert sorted(type(result).__name__ for result in results) == ["Journey", "Stale"]
    (winner,) = (result for result in results if isinstance(result, journeys.Journey))
    session.rollback()
    shown = journeys.get(session, wid, "first-order")
    assert (shown.version, shown.applied_by) == (2, winner.applied_by)
    assert len(journeys.versions(session, wid, "first-order")) == 2


def test_the_same_document_applied_twice_at_once_is_made_once(
    engine: Engine, session: Session, workspace: Any, time: clock.FixedClock, smallest: Document
) -> None:
    wid = workspace.workspace_id
    session.rollback()

    def apply(own: Session) -> journeys.Plan:
        return journeys.apply(own, wid, smallest, "anna", time())

    results = _both(engine, apply, apply)
    assert sorted(result.counts["create"] for result in results) == [0, 5]
    assert len(changes.changes(session, wid, OF_JOURNEYS)) == 5


def test_a_change_of_definitions_holds_up_no_incoming_answer(
    postgresql_url: str, time: clock.FixedClock, smallest: Document
) -> None:
    engine = db.make_engine(postgresql_url)
    sessions = db.make_sessions(engine)
    with sessions.begin() as own:
        wid = workspaces.create(own, "Example Telecom", time()).workspace_id
    with sessions.begin() as own, sessions.begin() as other:
        journeys.apply(own, wid, smallest, "anna", time())
        other.connection().exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        workspaces.mint_key(other, workspaces.get(other, wid), "read", "refers to the workspace", time())
    engine.dispose()
