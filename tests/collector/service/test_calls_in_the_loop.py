"""The real calls in the real loop: none of them holds anything that others need while it waits, whatever is asked."""

from __future__ import annotations

import http.client
import json
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from greenlet import getcurrent
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from collector import clock, one_commit, signing, web, workspaces
from collector.invitations import Invitation
from collector.responses import Response, batches
from collector.service import calls as calls_module
from collector.service import loop
from collector.service.listening import Listener

LONG = 30.0
Answered = tuple[int, Any]
Send = Callable[..., Answered]


@pytest.fixture
def listener(app: Flask, company: Any, listen: Callable[..., Listener], until: Any) -> Listener:
    made = listen(app, threads=4, at_once=2, calls=web.short_paths(app))
    until(lambda: sum(each.rests for each in made.loop._followers) == loop.THREADS - 1)
    return made


@pytest.fixture
def send(listener: Listener) -> Send:
    """``send("POST", path, body, headers)`` over the network: (status, JSON)."""

    def call(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answered:
        connection = http.client.HTTPConnection("127.0.0.1", int(listener.effective_port), timeout=LONG)
        text = None if body is None else json.dumps(body)
        kind = {"Content-Type": "application/json"} if text else {}
        connection.request(method, path, text, {**kind, **(headers or {})})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        return answer.status, json.loads(said) if said else None

    return call


@pytest.fixture
def held(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """What calls in the loop held while they stood aside, and what they began there outside a batch."""
    found: Counter[str] = Counter()
    out: Counter[int] = Counter()
    in_batch = threading.local()
    write, stand_aside = one_commit.write, calls_module.Calls.stand_aside

    def writing(*given: Any) -> Any:
        in_batch.is_so = True
        try:
            return write(*given)
        finally:
            in_batch.is_so = False

    def taken(*_given: Any) -> None:
        out[id(getcurrent())] += 1

    def given_back(*_given: Any) -> None:
        out[id(getcurrent())] -= 1

    def begun(connection: Any) -> None:
        said = connection.get_execution_options()
        reads = (
            said.get("afterword_looks") or said.get("afterword_begin", "BEGIN IMMEDIATE") != "BEGIN IMMEDIATE"
        )
        if threading.current_thread().name == "loop" and not getattr(in_batch, "is_so", False) and not reads:
            found["began"] += 1

    def aside(self: Any, stop: Any, seconds: float) -> None:
        found["stood aside"] += 1
        if out[id(getcurrent())] and not getattr(in_batch, "is_so", False):
            found["connections"] += 1
        stand_aside(self, stop, seconds)

    for module in (
        "collector.responses.lane",
        "collector.responses.event_lane",
        "collector.invitations.lane",
    ):
        monkeypatch.setattr(f"{module}.one_commit.write", writing)
    monkeypatch.setattr(calls_module.Calls, "stand_aside", aside)
    heard = [("checkout", taken), ("checkin", given_back), ("begin", begun)]
    for name, listening in heard:
        event.listen(engine, name, listening)
    yield found
    for name, listening in heard:
        event.remove(engine, name, listening)


def body(token: str, **answers: Any) -> dict[str, Any]:
    return {"token": token, "response_id": str(uuid.uuid4()), "answers": answers or {"score": 9}}


def order(number: int, **given: Any) -> dict[str, Any]:
    return {
        "touchpoint": "order-confirmed",
        "journey": "first-order",
        "customer": f"c-{number}",
        "transaction": f"order-{number}",
        **given,
    }


def ask(send: Send, key: dict[str, str], *orders: dict[str, Any]) -> list[dict[str, Any]]:
    status, said = send("POST", "/api/v1/triggers", {"triggers": list(orders)}, key)
    assert status == 200, said
    return list(said["decisions"])


def test_which_calls_they_are(app: Flask) -> None:
    assert web.short_paths(app) == {
        "/w/v1/survey",
        "/w/v1/responses",
        "/w/v1/events",
        "/api/v1/triggers",
    }


def test_no_other_app_has_any() -> None:
    assert web.short_paths(Flask("other")) == frozenset()


def test_every_call_in_every_way(
    send: Send, keys: Any, session: Session, company: Any, time: clock.FixedClock, held: Counter[str]
) -> None:  # fmt: skip
    """New, again, in test mode, before its trigger, unasked, refused: real ones and those that are tried."""
    server = keys["server"]
    tried = {"Authorization": f"Bearer {workspaces.mint_key(session, company, 'test', 'tried', time()).text}"}
    session.commit()
    links = [each["invitation"]["token"] for each in ask(send, server, *(order(n) for n in range(4)))]
    (test,) = (each["invitation"]["token"] for each in ask(send, tried, order(9)))
    for token in (links[0], test):
        assert send("GET", f"/w/v1/survey?token={token}")[0] == 200
        assert send("POST", "/w/v1/events", {"token": token, "event": "shown"})[0] == 202
        given = body(token)
        assert send("POST", "/w/v1/responses", given)[0] == 201
        assert send("POST", "/w/v1/responses", given)[0] == 200
        assert send("POST", "/w/v1/responses", body(token))[0] in {200, 409}
    assert send("POST", "/w/v1/responses", body(links[1], score=11))[0] == 422
    assert send("POST", "/w/v1/responses", body("no link"))[0] == 401
    assert send("POST", "/w/v1/events", {"token": links[0], "event": "dismissed"})[0] in {202, 409}
    assert send("DELETE", "/api/v1/triggers/order-2", headers=server)[0] == 200
    assert send("POST", "/w/v1/responses", body(links[2]))[0] == 410
    kid, secret = workspaces.signing_key(session, company.workspace_id)
    for customer in ("c-3", "nobody"):
        signed = signing.sign_customer(
            kid, secret, workspaces.pseudonym_of(company, customer), time() + timedelta(hours=1), time()
        )
        assert send("GET", f"/w/v1/survey?customer={signed}")[0] in {200, 204}
    publishable = keys["publishable"]["Authorization"].removeprefix("Bearer ")
    assert send("GET", f"/w/v1/survey?key={publishable}&touchpoint=order-confirmed")[0] in {200, 204}
    assert held["stood aside"] > 3
    assert held["connections"] == held["began"] == 0, held


def test_answers_that_come_while_one_batch_is_written_wait_without_a_connection(
    send: Send, keys: Any, app: Flask, engine: Engine, session: Session, listener: Listener, held: Counter[str], until: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    links = [
        each["invitation"]["token"] for each in ask(send, keys["server"], *(order(n) for n in range(25)))
    ]
    take, goes, sizes = batches.take, threading.Event(), []

    def slowly(own: Session, given: Sequence[batches.Given]) -> list[batches.Outcome]:
        sizes.append(len(given))
        assert goes.wait(LONG)
        return take(own, given)

    monkeypatch.setattr(batches, "take", slowly)
    with ThreadPoolExecutor(25) as pool:
        first = pool.submit(send, "POST", "/w/v1/responses", body(links[0]))
        until(lambda: bool(sizes))
        others = [pool.submit(send, "POST", "/w/v1/responses", body(link)) for link in links[1:]]
        lane = app.extensions["afterword_answers"]._together._queue
        until(lambda: len(lane) + listener.loop.waiting + len(listener.task_dispatcher.queue) == 24)
        assert send("GET", f"/w/v1/survey?token={links[5]}")[0] == 200
        assert engine.pool.checkedout() <= 2, engine.pool.status()  # type: ignore[attr-defined] # the batch's, and this test's
        goes.set()
        assert [each.result(LONG)[0] for each in (first, *others)] == [201] * 25
    assert sizes[0] == 1
    assert len(sizes) <= 10  # some were given to threads while the first held up its own
    assert session.scalars(select(func.count()).select_from(Response)).one() == 25
    assert held["connections"] == held["began"] == 0, held


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_waits_for_a_locked_row_holds_up_nobody(
    send: Send, keys: Any, engine: Engine, session: Session
) -> None:
    """A batch gives up such a row soon, and the answer to it waits in a thread of its own."""
    links = [
        each["invitation"]["token"] for each in ask(send, keys["server"], *(order(n) for n in range(12)))
    ]
    locked = select(Invitation).where(Invitation.transaction == "order-0").with_for_update()
    assert session.scalars(locked).one()
    with ThreadPoolExecutor(12) as pool:
        stuck = pool.submit(send, "POST", "/w/v1/responses", body(links[0]))
        others = [pool.submit(send, "POST", "/w/v1/responses", body(link)) for link in links[1:]]
        assert [each.result(LONG)[0] for each in others] == [201] * 11
        assert not stuck.done()
        session.rollback()
        assert stuck.result(LONG)[0] == 201
