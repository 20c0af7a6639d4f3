"""Who was asked, saw the question and answered: exact at every moment, counted or not, and counted once."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from collector import clock, days, db, erasure
from collector.invitations import Invitation
from collector.kpis import Rollup, asks, checking, day_zones, recounting_asks, rollups
from collector.kpis.models import AskRollup
from collector.workspaces import Workspace

PLACE = "order-confirmed"
Said = tuple[int, int, int]


@pytest.fixture
def read(company: Any, time: clock.FixedClock, engine: Engine) -> Callable[..., Any]:
    """(asked, seen, answered) of the year at the touchpoint, or of each group of one column."""

    def call(by: str | None = None, zone: str = "UTC", first: date | None = None) -> Any:
        since, until = first or time().date() - timedelta(days=200), time().date() + timedelta(days=100)
        stretch = asks.Stretch(since, until, *days.bounds(since, until, zone))
        with db.make_sessions(engine)() as session:
            found = asks.read(
                session, company.workspace_id, [PLACE], stretch, (by,) if by else ("touchpoint",)
            )
        rows = {each.group[0]: (each.asked, each.seen, each.answered) for each in found}
        return rows if by else rows.get(PLACE, (0, 0, 0))

    return call


@pytest.fixture
def work(session: Session, time: clock.FixedClock) -> Callable[[], int]:
    """What the worker counts, once all has settled; how many invitations."""

    def call() -> int:
        counted = 0
        while n := asks.count(session, time() + asks.SETTLED):
            counted += n
        session.commit()
        return counted

    return call


def event(client: FlaskClient, token: str, name: str) -> None:
    assert client.post("/w/v1/events", json={"token": token, "event": name}).status_code in {200, 202, 204}


def test_it_is_right_before_it_is_counted_and_after(
    client: FlaskClient, trigger: Any, answer: Any, read: Any, work: Any
) -> None:
    tokens = [trigger(customer=f"c-{n}")["invitation"]["token"] for n in range(4)]
    assert read() == (4, 0, 0)
    event(client, tokens[0], "shown")
    answer(tokens[1], score=9, complete=True)
    assert read() == (4, 2, 1)
    assert work() == 4
    assert read() == (4, 2, 1)
    assert work() == 0
    event(client, tokens[2], "dismissed")
    answer(tokens[0], score=3, complete=True)
    assert read() == (4, 3, 2), "two have come further since they were counted"
    assert work() == 2
    assert read() == (4, 3, 2)


def test_whoever_was_asked_a_moment_ago_is_not_counted_yet(
    session: Session, trigger: Any, read: Any, time: clock.FixedClock
) -> None:
    trigger(customer="c-1")
    assert not asks.are_waiting(session, time())
    assert asks.count(session, time()) == 0
    time.move(minutes=2)
    assert asks.are_waiting(session, time())
    assert asks.count(session, time()) == 1
    assert not asks.are_waiting(session, time())
    session.commit()
    assert read() == (1, 0, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"run": "a-run"},
        {"source": "imported"},
        {"source": "follow_up"},
        {"target": "journey"},
        {"state": "waiting"},
    ],
    ids=lambda other: next(iter(other.values())),
)
def test_others_are_in_no_response_rate(
    session: Session, trigger: Any, read: Any, work: Any, other: dict[str, str]
) -> None:
    trigger(customer="c-1")
    assert work() == 1
    session.execute(update(Invitation).values(**other))
    session.commit()
    assert read() == (0, 0, 0)
    assert work() == 1, "it is taken out"
    assert read() == (0, 0, 0)


def test_it_is_grouped_by_what_is_known_of_them(trigger: Any, answer: Any, read: Any, work: Any) -> None:
    for number, persona in enumerate(["senior", "senior", ""]):
        token = trigger(customer=f"c-{number}", **({"persona": persona} if persona else {}))
        if number:
            answer(token["invitation"]["token"], score=8, complete=True)
    for _ in ("before they are counted", "after"):
        assert read("persona") == {"senior": (2, 1, 1), "": (1, 1, 1)}
        assert read("probability") == {1.0: (3, 2, 2)}
        work()


def test_whoever_is_erased_leaves_no_trace(
    session: Session, trigger: Any, answer: Any, read: Any, work: Any, company: Any, time: clock.FixedClock
) -> None:
    answer(trigger(customer="c-1")["invitation"]["token"], score=9, complete=True)
    trigger(customer="c-2")
    work()
    trigger(customer="c-3")
    for customer, left in (("c-1", (2, 0, 0)), ("c-3", (1, 0, 0))):
        pseudonym = session.scalars(
            select(Invitation.customer).order_by(Invitation.created_at, Invitation.invitation_id)
        ).all()[0 if customer == "c-1" else -1]
        erasure.erase_all(session, company.workspace_id, [str(pseudonym)], time())
        session.commit()
        assert read() == left
        work()
        assert read() == left
    assert session.scalars(select(AskRollup.answered)).all() == [0]


def test_the_days_of_asks_are_cut_anew_with_those_of_answers(
    session: Session, company: Any, trigger: Any, answer: Any, read: Any, work: Any, time: clock.FixedClock
) -> None:
    time.move(hours=(23 - time().hour) % 24)  # in Berlin the next day has begun
    answer(trigger(customer="c-1")["invitation"]["token"], score=9, complete=True)
    day = time().date()
    assert work() == 1
    rollups.count(session, time() + timedelta(minutes=1))
    session.commit()
    assert read(first=day + timedelta(days=1)) == (0, 0, 0)
    session.execute(update(Workspace).values(timezone="Europe/Berlin"))
    session.commit()
    for _ in range(2):
        while day_zones.recut(session, time()):
            session.commit()
        time.move(seconds=11)
    session.commit()
    assert read(first=day + timedelta(days=1), zone="Europe/Berlin") == (1, 1, 1)
    assert session.scalars(select(AskRollup.day).where(AskRollup.asked > 0)).all() == [
        day + timedelta(days=1)
    ]
    assert session.scalars(select(Workspace.days_zone)).one() == "Europe/Berlin"


@pytest.mark.parametrize(
    "harm",
    [
        delete(AskRollup),
        update(AskRollup).values(asked=AskRollup.asked + 5),
        update(AskRollup).values(day=date(2020, 1, 1)),
    ],
    ids=["emptied", "too high", "on a day without asks"],
)
def test_what_is_wrong_is_right_again(
    engine: Engine, session: Session, company: Any, trigger: Any, answer: Any, read: Any, work: Any,
    time: clock.FixedClock, harm: Any,
) -> None:  # fmt: skip
    answer(trigger(customer="c-1")["invitation"]["token"], score=9, complete=True)
    work()
    time.move(days=20)
    trigger(customer="c-2")
    right = read()
    session.execute(harm)
    session.commit()
    assert read() != right
    *_, last = recounting_asks.rebuild(db.make_sessions(engine), company.workspace_id)
    assert (read(), last.done, last.mended > 0) == (right, last.total, True)
    *_, last = recounting_asks.rebuild(db.make_sessions(engine), company.workspace_id)
    assert last.mended == 0


def test_what_is_damaged_is_mended_by_night(
    session: Session, trigger: Any, answer: Any, read: Any, work: Any, time: clock.FixedClock
) -> None:
    answer(trigger(customer="c-1")["invitation"]["token"], score=9, complete=True)
    work()
    rollups.count(session, time())
    session.execute(update(AskRollup).values(answered=-3))
    session.commit()
    assert read() == (1, 1, 0), "less than nobody is nobody"
    with capture_logs() as logged:
        assert checking.check(session, time()) == 1
        assert checking.check(session, time()) == 0
    session.commit()
    assert [line["event"] for line in logged] == ["ask_rollup_mended"]
    assert read() == (1, 1, 1)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_workers_and_those_who_answer_count_each_once(
    engine: Engine, client: FlaskClient, trigger: Any, answer: Any, read: Any, time: clock.FixedClock
) -> None:
    tokens = [trigger(customer=f"c-{n}")["invitation"]["token"] for n in range(30)]
    later, sessions = time() + asks.SETTLED, db.make_sessions(engine)
    stopped, counted = threading.Event(), list[int]()

    def count() -> None:
        while True:
            last = stopped.is_set()
            with sessions.begin() as session:
                n = asks.count(session, later, batch=random.randint(1, 4))
            counted.append(n)
            if last and not n:
                return

    workers = [threading.Thread(target=count) for _ in range(2)]
    for each in workers:
        each.start()
    for number, token in enumerate(tokens):
        if number % 3:
            answer(token, score=number % 11, complete=True)
        assert read()[0] == 30
    stopped.set()
    for each in workers:
        each.join(60)
        assert not each.is_alive()
    with sessions() as session:
        sums = session.execute(select(AskRollup.asked, AskRollup.seen, AskRollup.answered)).all()
        assert session.scalars(select(Rollup)).all() == []
    assert [sum(each) for each in zip(*sums, strict=True)] == [30, 20, 20]
    assert read() == (30, 20, 20)
    assert sum(counted) >= 30
