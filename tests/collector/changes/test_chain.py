"""The record holds together: what is missing or altered shows, and two sessions at once fork nothing."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.orm import Session

from collector import clock, db
from collector.changes import Change, ChangeHead, record, verify


@pytest.fixture
def noted(session: Session, workspace: Any, time: clock.FixedClock) -> Any:
    """A workspace with five rows more in its record."""
    for number in range(5):
        said = {"share": 1.0 if number else 0.1, "text": "Ärger", "none": None}
        record(
            session,
            workspace.workspace_id,
            time.move(seconds=1),
            "ada",
            "change",
            "thing",
            str(number),
            None,
            said,
        )
        session.commit()
    return workspace.workspace_id


def _rows(session: Session, workspace_id: Any) -> list[Change]:
    query = select(Change).where(Change.workspace_id == workspace_id).order_by(Change.number)
    return list(session.scalars(query))


def test_each_row_is_numbered_and_the_chain_holds(session: Session, noted: Any) -> None:
    session.expire_all()
    rows = _rows(session, noted)
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    found = verify(session, noted)
    assert (found.holds, found.rows) == (True, len(rows))


@pytest.mark.parametrize("which", [0, 2, -1])
def test_a_missing_row_shows_wherever_it_was(session: Session, noted: Any, which: int) -> None:
    gone = _rows(session, noted)[which]
    session.execute(delete(Change).where(Change.change_id == gone.change_id))
    session.expire_all()
    assert verify(session, noted).fault == f"row {gone.number} is missing"


@pytest.mark.parametrize("column", ["actor", "verb", "key", "noun"])
def test_an_altered_row_shows(session: Session, noted: Any, column: str) -> None:
    row = _rows(session, noted)[1]
    session.execute(update(Change).where(Change.change_id == row.change_id).values({column: "x"}))
    session.expire_all()
    assert verify(session, noted).fault == f"row {row.number} was altered"


def test_what_is_rolled_back_leaves_no_gap(session: Session, noted: Any, time: clock.FixedClock) -> None:
    record(session, noted, time(), "ada", "change", "thing", "lost")
    session.flush()
    session.rollback()
    record(session, noted, time(), "ada", "change", "thing", "kept")
    session.commit()
    session.expire_all()
    assert verify(session, noted).holds
    assert _rows(session, noted)[-1].key == "kept"


def test_rows_from_before_there_was_a_chain_are_taken_in(
    session: Session, noted: Any, time: clock.FixedClock
) -> None:
    session.execute(update(Change).where(Change.workspace_id == noted).values(number=None, hash=None))
    session.execute(delete(ChangeHead).where(ChangeHead.workspace_id == noted))
    session.commit()
    session.expire_all()
    record(session, noted, time(), "ada", "change", "thing", "first")
    session.commit()
    session.expire_all()
    assert verify(session, noted).holds
    assert _rows(session, noted)[-1].key == "first"


def test_many_sessions_at_once_fork_nothing(
    engine: Engine, session: Session, noted: Any, time: clock.FixedClock
) -> None:
    session.commit()
    sessions, failures = db.make_sessions(engine), []

    def work(who: int) -> None:
        try:
            for number in range(8):
                with sessions.begin() as own:
                    record(own, noted, time(), f"w{who}", "change", "thing", str(number))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    found = verify(session, noted)
    assert (found.fault, found.rows >= 37) == (None, True)


@pytest.mark.parametrize(
    "database_url", ["postgresql"], indirect=True
)  # SQLite lets one writer begin at a time
def test_two_that_meet_between_flush_and_commit_stand_one_behind_the_other(
    engine: Engine, session: Session, noted: Any, time: clock.FixedClock
) -> None:
    session.commit()
    sessions = db.make_sessions(engine)
    with sessions() as one, sessions() as two:
        record(one, noted, time(), "one", "change", "thing", "1")
        record(two, noted, time(), "two", "change", "thing", "2")
        one.flush()
        two.flush()
        two.commit()
        one.commit()
    session.expire_all()
    assert [row.actor for row in _rows(session, noted)][-2:] == ["two", "one"]
    assert verify(session, noted).holds


def test_numbers_are_one_row_each(engine: Engine, noted: Any) -> None:
    with engine.connect() as connection:
        twice = "SELECT number FROM change GROUP BY workspace_id, number HAVING count(*) > 1"
        assert connection.execute(text(twice)).all() == []
