"""A fall over time is signalled by the answers that tell it, once, until it is over."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import rollup_anew
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from collector import changes, clock, db, signals
from collector.responses import Response
from collector.service import worker
from collector.signals import Signal
from collector.signals.models import SignalWatch

GOOD = [9, 10, 9, 8, 3]
"""One of five is unhappy."""
BAD = [2, 9, 4, 3, 1]
"""Four of five are."""
Told = Callable[..., list[Signal]]


def test_req_134_a_fall_is_signalled_by_the_answers_that_tell_it(say: Any, work: Any, told: Told) -> None:
    say(GOOD * 30)
    work()
    assert told() == []
    say(BAD * 6)
    work()
    (signal,) = told()
    assert (signal.rule, signal.touchpoint, signal.metric, signal.state) == (
        "fall",
        "order-confirmed",
        "nps",
        "open",
    )
    assert signal.facts["before"]["share"] < 30
    assert signal.facts["after"]["low"] > signal.facts["before"]["high"]
    assert signal.facts["per_year"] <= 1


def test_what_a_run_was_told_is_no_fall_of_its_touchpoint(say: Any, work: Any, told: Told) -> None:
    say(GOOD * 30)
    work()
    say(BAD * 10, run="new-page")
    work()
    assert told() == []


def test_one_alarm_per_regime(say: Any, work: Any, told: Told) -> None:
    say(GOOD * 30)
    say(BAD * 20)
    work()
    assert [signal.regime for signal in told()] == [1]
    say(GOOD * 16)
    work()
    assert [(signal.state, signal.ended) for signal in told()] == [("over", "recovered")]
    say(BAD * 10)
    work()
    assert [(signal.regime, signal.state) for signal in told()] == [(1, "over"), (2, "open")]


def test_a_level_that_stays_becomes_the_usual(say: Any, work: Any, told: Told) -> None:
    say(GOOD * 30)
    say(BAD * 50)
    work()
    assert [(signal.state, signal.ended) for signal in told()] == [("over", "stayed")]
    say(BAD * 30)
    work()
    assert len(told()) == 1


def test_what_is_known_is_quiet(
    client: FlaskClient, keys: Any, session: Session, say: Any, work: Any, told: Told
) -> None:
    say(GOOD * 30)
    say(BAD * 8)
    work()
    (signal,) = told()
    path = f"/api/v1/signals/{signal.signal_id}"
    for _twice in range(2):
        answer = client.patch(path, json={"state": "known"}, headers=keys["admin"])
        assert (answer.status_code, answer.json["state"], answer.json["known_by"]) == (200, "known", "admin")
    say(BAD * 40)
    work()
    assert [signal.state for signal in told()] == ["known"]
    noted = changes.changes(session, signal.workspace_id, noun="signal")
    assert [(row.verb, row.actor) for row in noted] == [("knew", "admin"), ("raised", "afterword")]


def test_what_was_mended_is_over_and_falls_again_only_with_a_new_signal(
    session: Session, time: clock.FixedClock, say: Any, work: Any, told: Told
) -> None:
    say(GOOD * 30)
    say(BAD * 8)
    work()
    (signal,) = session.scalars(select(Signal)).all()
    insight_id = uuid.uuid4()
    signals.link(session, signal, insight_id)
    signals.know(session, signal, "olga", time())
    session.commit()
    say(BAD * 10)
    work()
    for _twice in range(2):
        signals.recover(session, signal.workspace_id, insight_id, time())
        session.commit()
    assert [(each.state, each.ended) for each in told()] == [("over", "recovered")]
    say(GOOD * 12)
    say(BAD * 10)
    work()
    assert [(each.regime, each.state) for each in told()] == [(1, "over"), (2, "open")]


@pytest.mark.parametrize("how", ["imported", "late"])
def test_two_years_of_old_answers_raise_none(
    say: Any, work: Any, told: Told, time: clock.FixedClock, how: str
) -> None:
    """They form what is usual, and that is all."""
    old: dict[str, Any] = {"source": "imported"} if how == "imported" else {}
    for month in range(24, 0, -1):
        at = time() - timedelta(days=30 * month)
        say((GOOD if month % 2 else BAD) * 4, hours=0, occurred_at=at, **old)
    work()
    assert told() == []


def test_a_rollup_that_is_made_anew_tells_nothing_again(
    say: Any, work: Any, told: Told, session: Session, company: Any
) -> None:
    say(GOOD * 30)
    say(BAD * 6)
    work()
    watched = session.scalars(select(SignalWatch.told)).all()
    rollup_anew.make(session, company.workspace_id)
    session.commit()
    work()
    session.expire_all()
    assert len(told()) == 1
    assert session.scalars(select(SignalWatch.told)).all() == watched


def test_what_was_counted_before_is_what_is_usual(
    say: Any, work: Any, told: Told, session: Session, time: clock.FixedClock
) -> None:
    """A house that has measured for long is watched from the first answer on."""
    say(GOOD * 30, occurred_at=time() - timedelta(days=20))
    work()
    say(BAD * 6)
    work()
    assert [signal.facts["before"]["n"] for signal in told()] == [150]


def test_nobody_is_told_what_nobody_wants_to_be_told(
    client: FlaskClient, keys: Any, say: Any, work: Any, told: Told
) -> None:
    wish = {"touchpoint": "order-confirmed", "off": ["fall", "unhappy"]}
    assert client.put("/api/v1/signal-settings", json=wish, headers=keys["admin"]).status_code == 200
    say(GOOD * 30)
    say(BAD * 8, comment="Nobody came")
    work()
    assert told() == []


def test_two_workers_raise_it_once(
    engine: Engine, say: Any, count: Any, told: Told, session: Session, time: clock.FixedClock
) -> None:
    say(GOOD * 30)
    say(BAD * 20)
    count()
    failed: list[BaseException] = []

    def look() -> None:
        try:
            sessions = db.make_sessions(engine)
            while True:
                with sessions.begin() as own:
                    if not signals.jobs.notice(own, time()):
                        return
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert len(told("fall")) == 1
    assert session.scalars(select(SignalWatch.told)).one() == 250


def test_a_worker_that_dies_before_it_commits_has_done_nothing(
    engine: Engine, say: Any, count: Any, work: Any, told: Told, time: clock.FixedClock
) -> None:
    say(GOOD * 30)
    say(BAD * 6)
    count()
    with db.make_sessions(engine)() as dying:
        assert signals.jobs.notice(dying, time())
        dying.rollback()
    assert told() == []
    work()
    assert len(told("fall")) == 1


def test_a_round_takes_few_statements_however_much_is_new(
    engine: Engine, say: Any, count: Any, time: clock.FixedClock
) -> None:
    job = next(job for job in worker.JOBS if job.name == "notice what has changed")
    counts = []
    for scores in (GOOD, GOOD * 39):
        say(scores)
        count()
        with _statements(engine) as sent, db.make_sessions(engine).begin() as own:
            job.run(own, time())
        counts.append(len(sent))
    assert max(counts) <= 18, counts


@contextmanager
def _statements(engine: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def listen(*given: Any) -> None:
        sent.append(given[2])

    event.listen(engine, "before_cursor_execute", listen)
    yield sent
    event.remove(engine, "before_cursor_execute", listen)


def test_the_answers_are_erased_with_what_they_raised(
    client: FlaskClient, keys: Any, answered: Any, work: Any, told: Told, session: Session
) -> None:
    answered("c-9", score=1, comment="Nobody came")
    work()
    assert [signal.rule for signal in told()] == ["unhappy"]
    assert client.delete("/api/v1/customers/c-9", headers=keys["server"]).json["erased"]["signals"] == 1
    assert told() == []
    assert session.scalars(select(Response)).all() == []
