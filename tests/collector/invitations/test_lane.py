"""Triggers that come at once are decided at once: each request hears its own, and what they come to is as one by one."""

from __future__ import annotations

import time as wall
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from statement_plans import statements_of

from collector import clock, db, revisions, workspaces
from collector.config import Config
from collector.invitations import Decision, Invitation, Trigger, lane, subjects
from collector.service.app import create_app

LONG = 30.0
Body = dict[str, Any]


@pytest.fixture
def elsewhere(config: Config, database_url: str, time: clock.FixedClock) -> Iterator[Flask]:
    """Another process, as it were: with an engine, turns and a lane of its own."""
    engine = db.make_engine(database_url, 8)
    yield create_app(config, engine, time)
    engine.dispose()


@pytest.fixture
def send(keys: Any, company: workspaces.Workspace) -> Callable[[Flask, list[Body]], Any]:
    """``send(app, triggers)``: one request of a business system."""

    def post(app: Flask, triggers: list[Body]) -> Any:
        with app.test_client() as own:
            return own.post("/api/v1/triggers", json={"triggers": triggers}, headers=keys["server"])

    return post


@pytest.fixture
def together(
    app: Flask, send: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Sequence[list[Body]]], list[Any]]:
    """``together([[...], [...]])``: requests sent so that all that the first batch did not take are in the second."""
    queue = app.extensions["afterword_triggers"]._together._queue
    take = lane._take

    def send_all(requests: Sequence[list[Body]]) -> list[Any]:
        sizes: list[int] = []

        def once_all_wait(session: Session, brought: Sequence[lane.Brought]) -> Any:
            sizes.append(len(brought))
            deadline = wall.monotonic() + LONG
            while len(sizes) == 1 and len(queue) < len(requests) - sizes[0]:
                assert wall.monotonic() < deadline
                wall.sleep(0.001)
            return take(session, brought)

        monkeypatch.setattr(lane, "_take", once_all_wait)
        with ThreadPoolExecutor(len(requests)) as pool:
            sent = [pool.submit(send, app, each) for each in requests]
            answered = [future.result(LONG) for future in sent]
        assert len(sizes) <= 2
        return answered

    return send_all


def order(**more: Any) -> Body:
    return {
        "trigger_id": str(uuid.uuid4()),
        "touchpoint": "order-confirmed",
        "customer": str(uuid.uuid4()),
        **more,
    }


def count(session: Session, table: type[db.Base]) -> int:
    session.rollback()
    found = session.scalars(select(func.count()).select_from(table)).one()
    session.rollback()  # a writer's turn, on SQLite
    return found


def test_each_request_hears_what_became_of_its_own(together: Any, session: Session) -> None:
    """Asked, the same customer a second time, somewhere unknown, three at once: each in its own answer, in its order."""
    again = order(customer="c-1")
    requests = [
        [order()], [again], [order(touchpoint="unheard-of")], [order(), order(touchpoint="unheard-of"), order()],
    ]  # fmt: skip
    answered = together(requests)
    reasons = [[each["reason"] for each in one.json["decisions"]] for one in answered]
    assert reasons == [
        ["invited"], ["invited"], ["unknown_touchpoint"], ["invited", "unknown_touchpoint", "invited"],
    ]  # fmt: skip
    for request, one in zip(requests, answered, strict=True):
        assert [each["trigger_id"] for each in one.json["decisions"]] == [
            each["trigger_id"] for each in request
        ]
    tokens = [
        each["invitation"]["token"]
        for one in answered
        for each in one.json["decisions"]
        if each["invitation"]
    ]
    assert len(set(tokens)) == 4
    assert [count(session, table) for table in (Trigger, Decision, Invitation)] == [6, 6, 4]


def test_one_customer_in_many_requests_is_asked_once(together: Any, session: Session) -> None:
    answered = together([[order(customer="c-1")] for _ in range(6)])
    asked = [one.json["decisions"][0]["decision"] for one in answered]
    assert sorted(asked) == ["invite", *["skip"] * 5]
    assert count(session, Invitation) == 1


def test_the_same_trigger_at_once_is_decided_once(
    app: Flask, elsewhere: Flask, send: Any, session: Session
) -> None:
    """A slow first try and its retry, through one process and through another."""
    triggers = [order() for _ in range(4) for _ in range(3)]
    for n, each in enumerate(triggers):
        triggers[n] = triggers[n - n % 3] if n % 3 else each
    with ThreadPoolExecutor(len(triggers)) as pool:
        sent = [pool.submit(send, (app, elsewhere)[n % 2], [each]) for n, each in enumerate(triggers)]
        answered = [future.result(LONG) for future in sent]
    for n, one in enumerate(answered):
        if one.status_code == 503:  # being decided right now
            answered[n] = send(app, [triggers[n]])
    assert {one.status_code for one in answered} == {200}
    made = [one.json["decisions"][0]["invitation"]["id"] for one in answered]
    assert len(set(made)) == 4
    assert [count(session, table) for table in (Trigger, Decision, Invitation)] == [4, 4, 4]


def test_what_one_request_may_not_say_is_refused_before_it_joins(
    app: Flask, send: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Personal data is named by its place in its own request; no batch is made of it."""
    monkeypatch.setattr(lane, "_take", None)
    refused = send(app, [order(), order(transaction="jane.doe@example.com")])
    assert (refused.status_code, refused.json["code"]) == (422, "personal_data")
    assert list(refused.json["fields"]) == ["triggers.1.transaction"]
    assert count(session, Trigger) == 0


def test_a_full_queue_is_503_with_a_time_to_come_back(
    app: Flask, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["afterword_triggers"]._together, "_longest", 0)
    refused = send(app, [order()])
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")


def test_a_failure_leaves_each_to_be_taken_alone(
    app: Flask, send: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What breaks the batch breaks nothing else: each is decided in a transaction of its own."""

    def broken(*_: Any) -> Any:
        raise ValueError("planted")

    monkeypatch.setattr(lane, "_take", broken)
    with ThreadPoolExecutor(3) as pool:
        sent = [pool.submit(send, app, [order()]) for _ in range(3)]
        assert [future.result(LONG).status_code for future in sent] == [200] * 3
    assert count(session, Invitation) == 3


def test_a_customer_whom_somebody_holds_keeps_nobody_else(
    together: Any, engine: Engine, session: Session, company: workspaces.Workspace, time: clock.FixedClock
) -> None:
    """As an erasure does: the others of the batch are decided at once, and theirs when it is over."""
    if engine.dialect.name == "sqlite":
        return  # where one transaction is written at a time
    held = order(customer="c-held")
    pseudonym = workspaces.pseudonym_of(company, "c-held")
    with ThreadPoolExecutor(1) as pool, db.make_sessions(engine)() as erasing:
        subjects.hold(erasing, company.workspace_id, [pseudonym], time())
        sent = pool.submit(together, [[held], [order()], [order()]])
        deadline = wall.monotonic() + LONG
        while count(session, Decision) < 2:
            assert wall.monotonic() < deadline
            wall.sleep(0.01)
        erasing.rollback()
        assert {one.status_code for one in sent.result(LONG)} == {200}
    assert count(session, Decision) == 3


def test_a_call_of_many_lets_others_write_between(
    app: Flask, send: Any, session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A piece is decided and committed, and who has come meanwhile is next: nobody waits for the whole of a call."""
    queue = app.extensions["afterword_triggers"]._together._queue
    take, sizes, small = lane._take, [], [order()]
    many = [order() for _ in range(2 * lane.PIECE + 50)]
    with ThreadPoolExecutor(2) as pool:
        sent = []

        def small_one_comes(session: Session, brought: Sequence[lane.Brought]) -> Any:
            sizes.append([len(each.rows) for each in brought])
            if not sent:
                sent.append(pool.submit(send, app, small))
                deadline = wall.monotonic() + LONG
                while not queue:
                    assert wall.monotonic() < deadline
                    wall.sleep(0.001)
            return take(session, brought)

        monkeypatch.setattr(lane, "_take", small_one_comes)
        with statements_of(engine) as statements:
            answered = send(app, many)
        assert sent[0].result(LONG).status_code == 200
    assert [each["trigger_id"] for each in answered.json["decisions"]] == [
        each["trigger_id"] for each in many
    ]
    assert sizes[0] == [lane.PIECE]
    assert 1 in sizes[1]  # with the next piece or before it, never after the last
    assert max(map(sum, sizes)) <= lane.TRANSACTION
    assert len(statements) <= 15 * len(sizes)
    assert count(session, Trigger) == len(many) + 1


def test_a_call_that_breaks_on_its_way_is_whole_when_it_comes_again(
    app: Flask, send: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the collector is killed after the first piece: what was committed stays, and is known."""
    take, pieces = lane._take, []

    def gone_after_the_first(session: Session, brought: Sequence[lane.Brought]) -> Any:
        pieces.append(len(brought))
        if len(pieces) == 2:
            raise OperationalError("planted", None, Exception("the database is gone"))
        return take(session, brought)

    many = [order() for _ in range(2 * lane.PIECE)]
    monkeypatch.setattr(lane, "_take", gone_after_the_first)
    refused = send(app, many)
    assert (refused.status_code, count(session, Trigger)) == (503, lane.PIECE)
    answered = send(app, many)
    assert [each["decision"] for each in answered.json["decisions"]] == ["invite"] * len(many)
    assert [count(session, table) for table in (Trigger, Decision, Invitation)] == [len(many)] * 3


def test_triggers_without_a_name_are_decided_as_a_whole(
    app: Flask, send: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent again they would be others, so a call may not be half done."""

    def broken(*_: Any) -> Any:
        raise OperationalError("planted", None, Exception("the database is gone"))

    many = [order(trigger_id=None) for _ in range(lane.PIECE + 1)]
    monkeypatch.setattr(lane, "_take", broken)
    assert send(app, many).status_code == 503
    assert count(session, Trigger) == 0
    monkeypatch.undo()
    assert send(app, many).status_code == 200
    assert count(session, Trigger) == len(many)


def test_a_call_takes_one_connection_and_begins_once(
    app: Flask, send: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who calls is known already: to look for that begins nothing."""
    send(app, [order()])
    monkeypatch.setattr(revisions, "LOOKED_AT", float("inf"))
    taken: list[int] = []

    def note(*given: object) -> None:
        taken.append(len(given))

    for name in ("checkout", "begin"):
        event.listen(engine, name, note)
    assert send(app, [order()]).status_code == 200
    for name in ("checkout", "begin"):
        event.remove(engine, name, note)
    assert len(taken) == 2
