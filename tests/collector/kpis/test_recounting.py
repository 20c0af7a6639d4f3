"""The rollup counted anew: piece by piece, while answers come and figures are read, and only what is wrong is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, func, select, text, tuple_, update
from sqlalchemy.orm import Session

from collector import clock, db
from collector.kpis import Rollup, recounting, rollups
from collector.responses import Response

Read = dict[tuple[Any, ...], int]


@pytest.fixture
def answered(session: Session, trigger: Any, answer: Any, time: clock.FixedClock) -> int:
    """Twelve answers on four days, all but the last counted."""
    for number in range(12):
        if number % 3 == 0:
            time.move(days=1)
        answer(trigger()["invitation"]["token"], score=number % 11, complete=True)
    rollups.count(session, time(), batch=11)
    session.commit()
    return 12


@pytest.fixture
def cells(engine: Engine) -> Callable[[], Read]:
    def read() -> Read:
        columns = [getattr(Rollup, name) for name in rollups.COLUMNS]
        with db.make_sessions(engine)() as reader:
            return {tuple(row[:-1]): row[-1] for row in reader.execute(select(*columns, Rollup.n)) if row[-1]}

    return read


def rebuilt(engine: Engine, company: Any) -> list[recounting.Recounted]:
    return list(recounting.rebuild(db.make_sessions(engine), company.workspace_id))


@pytest.mark.parametrize(
    "harm",
    [
        delete(Rollup),
        update(Rollup).values(n=Rollup.n + 5),
        update(Rollup).where(Rollup.score > 4).values(n=0),
        update(Rollup).values(day=date(2020, 1, 1)),
    ],
    ids=["emptied", "too high", "forgotten", "on a day without answers"],
)
def test_what_is_wrong_is_right_again(
    engine: Engine, session: Session, company: Any, answered: int, cells: Any, harm: Any
) -> None:
    if "day" in harm.compile().params:  # of one day, so that the others' keys do not meet it
        one = select(Rollup.score, Rollup.day).where(Rollup.n > 0).order_by(Rollup.score, Rollup.day).limit(1)
        harm = harm.where(tuple_(Rollup.score, Rollup.day).in_(one))
    right = cells()
    assert sum(right.values()) == answered - 1
    session.execute(harm)
    session.commit()
    assert cells() != right
    last = rebuilt(engine, company)[-1]
    assert cells() == right
    assert (last.total, last.done) == (answered, answered)
    assert last.mended > 0
    assert rebuilt(engine, company)[-1].mended == 0


def test_a_rollup_that_is_right_is_only_looked_at(engine: Engine, company: Any, answered: int) -> None:
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: sent.append(said[2]))
    rebuilt(engine, company)
    assert not [each for each in sent if each.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [each for each in sent if "advisory" in each]


def test_it_may_be_stopped_and_goes_on_where_something_is_wrong(
    engine: Engine, session: Session, company: Any, answered: int, cells: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "LARGE", 3)
    right = cells()
    session.execute(delete(Rollup))
    session.commit()
    assert len(rebuilt(engine, company)) > 3
    session.execute(delete(Rollup))
    session.commit()
    work = recounting.rebuild(db.make_sessions(engine), company.workspace_id)
    assert [next(work).done for _ in range(3)][-1] < answered
    work.close()
    assert 0 < sum(cells().values()) < answered - 1
    rebuilt(engine, company)
    assert cells() == right


def test_an_answer_that_comes_meanwhile_is_counted_once(
    engine: Engine, session: Session, company: Any, answered: int, cells: Any, time: clock.FixedClock
) -> None:
    session.execute(delete(Rollup))
    session.commit()
    work = recounting.rebuild(db.make_sessions(engine), company.workspace_id)
    next(work)
    rollups.count(session, time.move(minutes=5))
    session.commit()
    for _piece in work:
        pass
    assert sum(cells().values()) == answered
    assert session.scalar(select(func.count()).where(Response.counted_at.is_(None))) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_it_waits_for_whoever_counts(
    engine: Engine, session: Session, company: Any, answered: int, cells: Any, time: clock.FixedClock
) -> None:
    session.execute(delete(Rollup))
    session.commit()
    rollups.count(session, time.move(minutes=5))  # holds the rollup, not committed
    with db.make_sessions(engine)() as second:
        second.execute(text("SET LOCAL lock_timeout = '100ms'"))
        piece = recounting.pieces(second, company.workspace_id)[0]
        with pytest.raises(Exception, match="lock timeout") as refused:
            recounting.mend(second, piece)
        assert db.is_locked(refused.value)
    session.commit()
    rebuilt(engine, company)
    assert sum(cells().values()) == answered
