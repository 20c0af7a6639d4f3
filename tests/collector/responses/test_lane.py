"""Answers that come at once are committed at once: each gets its own outcome, none is lost, none counts twice."""

from __future__ import annotations

import time as wall
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from statement_plans import statements_of

from collector import clock, db, invitations, revisions, signing, workspaces
from collector.config import Config
from collector.interactions import tombstones
from collector.responses import Response, actions, batches, lane
from collector.service.app import create_app

Body = dict[str, Any]
Trigger = Callable[..., dict[str, Any]]
LONG = 30.0


@pytest.fixture
def bodies(trigger: Trigger) -> Callable[[int], list[Body]]:
    """``bodies(5)``: answers to so many open invitations."""

    def make(count: int) -> list[Body]:
        return [body(trigger()["invitation"]["token"]) for _ in range(count)]

    return make


@pytest.fixture
def elsewhere(config: Config, database_url: str, time: clock.FixedClock) -> Iterator[Flask]:
    """Another process, as it were: with an engine, turns and a lane of its own."""
    engine = db.make_engine(database_url, 8)
    yield create_app(config, engine, time)
    engine.dispose()


def body(token: str, **answers: Any) -> Body:
    return {"token": token, "response_id": str(uuid.uuid4()), "answers": answers or {"score": 9}}


def send(app: Flask, given: Body) -> Any:
    with app.test_client() as own:
        return own.post("/w/v1/responses", json=given)


def at_once(apps: Sequence[Flask], given: list[Body]) -> list[Any]:
    """Each body on a thread of its own, through the apps in turns."""
    with ThreadPoolExecutor(len(given)) as pool:
        sent = [pool.submit(send, apps[n % len(apps)], each) for n, each in enumerate(given)]
        return [future.result(LONG) for future in sent]


@pytest.fixture
def one_batch(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Body]], list[Any]]:
    """``one_batch(bodies)``: sends them so that all that did not make it into the first batch, if any, are in the second."""
    fast: lane.Lane = app.extensions["afterword_answers"]
    take = batches.take

    def send_all(given: list[Body]) -> list[Any]:
        sizes: list[int] = []

        def once_all_wait(session: Session, taken: Sequence[batches.Given]) -> list[batches.Outcome]:
            sizes.append(len(taken))
            deadline = wall.monotonic() + LONG
            while len(sizes) == 1 and len(fast._together._queue) < len(given) - sizes[0]:
                assert wall.monotonic() < deadline
                wall.sleep(0.001)
            return take(session, taken)

        monkeypatch.setattr(batches, "take", once_all_wait)
        answered = at_once([app], given)
        assert len(sizes) <= 2
        return answered

    return send_all


def stored(session: Session) -> int:
    session.rollback()
    return session.scalars(select(func.count()).select_from(Response)).one()


def test_a_batch_is_written_in_as_many_statements_as_one_answer(
    engine: Engine, session: Session, bodies: Any, one_batch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "LOOKED_AT", float("inf"))
    given = bodies(9)
    with statements_of(engine) as sent:
        answered = one_batch(given)
    assert [each.status_code for each in answered] == [201] * 9
    assert [each.json["response_id"] for each in answered] == [each["response_id"] for each in given]
    wrote = [sum(kind in statement for statement, _ in sent) for kind in ("INSERT INTO", "UPDATE invitation")]
    assert wrote in ([1, 1], [2, 2])  # for one batch or two
    assert stored(session) == 9


def test_each_gets_its_own_outcome(
    client: FlaskClient, session: Session, trigger: Trigger, bodies: Any, one_batch: Any, keys: Any, company: Any,
    time: clock.FixedClock,
) -> None:  # fmt: skip
    """New, refused, the same again, another answer to it, a link that came before its trigger, a withdrawn one."""
    first, plain, wrong, known, taken_back = bodies(5)
    wrong["answers"] = {"score": 11}
    client.post("/w/v1/responses", json=known)
    other = {**known, "response_id": str(uuid.uuid4())}
    faster = body(link_before_trigger(session, company, time))
    withdrawn = trigger(transaction="order-back")
    client.delete("/api/v1/triggers/order-back", headers=keys["server"])
    given = [first, plain, wrong, known, other, faster, body(withdrawn["invitation"]["token"]), taken_back]
    answered = one_batch(given)
    assert [(each.status_code, (each.json or {}).get("code")) for each in answered] == [
        (201, None), (201, None), (422, "invalid_answers"), (200, None), (409, "already_answered"),
        (201, None), (410, "survey_closed"), (201, None),
    ]  # fmt: skip
    assert stored(session) == 5


def test_more_of_many_answers_is_added_in_as_many_statements_as_of_one(
    engine: Engine, session: Session, bodies: Any, one_batch: Any, app: Flask, time: clock.FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A comment, the same again, somebody else's, another score when it has settled, a misfit: each hears its own."""
    monkeypatch.setattr(revisions, "LOOKED_AT", float("inf"))
    known = bodies(7)
    assert [each.status_code for each in at_once([app], known)] == [201] * 7
    time.time += timedelta(minutes=1)
    said = {"score": 9, "comment": "The line works"}
    more = [{**each, "answers": said, "complete": True} for each in known]
    more[3] = known[3]
    more[4] = {**more[4], "response_id": str(uuid.uuid4())}
    more[5] = {**more[5], "answers": {"score": 2}}
    more[6] = {**more[6], "answers": {"reason": ["none of these"]}}
    with statements_of(engine) as sent:
        answered = one_batch(more)
    assert [(each.status_code, each.json.get("code"), each.json.get("complete")) for each in answered] == [
        (200, None, True), (200, None, True), (200, None, True), (200, None, False),
        (409, "already_answered", None), (409, "answer_conflict", None), (422, "invalid_answers", None),
    ]  # fmt: skip
    changed = [statement for statement, _ in sent if statement.startswith("UPDATE response")]
    assert len(changed) <= 2  # for one batch or two
    rows = session.scalars(select(Response).order_by(Response.response_id)).all()
    assert {str(row.response_id): (row.comment, row.complete, row.score) for row in rows} == {
        each["response_id"]: (("The line works", True, 9) if n < 3 else (None, False, 9))
        for n, each in enumerate(known)
    }


def test_links_before_their_triggers_are_decided_together(
    engine: Engine, session: Session, one_batch: Any, company: workspaces.Workspace, time: clock.FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """As many statements for five as for one; one of a customer who was erased is gone, and nothing is kept of them."""
    monkeypatch.setattr(revisions, "LOOKED_AT", float("inf"))
    customers = [workspaces.pseudonym_of(company, f"early-{n}") for n in range(6)]
    given = [body(link_before_trigger(session, company, time, customer)) for customer in customers]
    tombstones.bury(session, company.workspace_id, tombstones.CUSTOMER, [customers[2]], time())
    session.commit()
    with statements_of(engine) as sent:
        answered = one_batch(given)
    assert [each.status_code for each in answered] == [201, 201, 410, 201, 201, 201]
    decided = [statement for statement, _ in sent if "INSERT INTO decision" in statement]
    assert 1 <= len(decided) <= 2  # for one batch or two
    assert stored(session) == 5
    known = session.scalars(select(invitations.Subject.customer)).all()
    assert set(known) == set(customers) - {customers[2]}


def test_a_row_that_fails_leaves_the_others_stored(
    session: Session, bodies: Any, one_batch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row that the database refuses: it alone is told so."""
    given = bodies(5)
    first_row = actions.first_row

    def planted(*named: Any) -> dict[str, Any]:
        row = first_row(*named)
        return row | ({"touchpoint": None} if str(row["response_id"]) == given[2]["response_id"] else {})

    monkeypatch.setattr(actions, "first_row", planted)
    answered = one_batch(given)
    assert [each.status_code for each in answered] == [201, 201, 500, 201, 201]
    assert stored(session) == 4


def test_the_same_answer_twice_in_a_batch_is_stored_once(
    session: Session, bodies: Any, one_batch: Any
) -> None:
    first, twice = bodies(2)
    answered = one_batch([first, twice, dict(twice), dict(twice)])
    assert sorted(each.status_code for each in answered[1:]) == [200, 200, 201]
    assert stored(session) == 2


def test_two_processes_store_each_answer_once(
    app: Flask, elsewhere: Flask, session: Session, bodies: Any
) -> None:
    """Every answer goes to both at once, as by a customer whose first try was slow."""
    given = [each for each in bodies(8) for _ in range(2)]
    answered = at_once([app, elsewhere], given)
    while busy := [n for n, each in enumerate(answered) if each.status_code == 503]:
        for n, each in zip(busy, at_once([app], [given[n] for n in busy]), strict=True):
            answered[n] = each
    pairs = [sorted(each.status_code for each in answered[n : n + 2]) for n in range(0, 16, 2)]
    assert pairs == [[200, 201]] * 8
    assert stored(session) == 8


def test_a_full_queue_is_503_with_a_time_to_come_back(
    app: Flask, bodies: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["afterword_answers"]._together, "_longest", 0)
    refused = send(app, bodies(1)[0])
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")


def link_before_trigger(
    session: Session, company: workspaces.Workspace, time: clock.FixedClock, customer: str | None = None
) -> str:
    """A link as the SDK signs it; its trigger has not arrived yet."""
    key = workspaces.mint_key(session, company, "server", "shop", time())
    session.commit()
    own = uuid.uuid4()
    facts = signing.Invitation(
        own, own, "order-confirmed", time() + timedelta(days=1), journey="first-order", customer=customer
    )
    return signing.sign_invitation(key.kid, signing.signing_secret(key.text), facts, time())


def test_an_open_invitation_alone_is_plain(session: Session, bodies: Any, time: clock.FixedClock) -> None:
    """What may still be overtaken, has expired or was answered is never taken in a batch."""
    bodies(1)
    invitation = session.scalars(select(invitations.Invitation)).one()
    now = time()
    assert invitations.takes_first_answer(invitation, now)
    assert not invitations.takes_first_answer(invitation, invitation.expires_at)
    invitation.cancel_on = ["returned"]
    assert not invitations.takes_first_answer(invitation, now)
    invitation.shown_at = now
    assert invitations.takes_first_answer(invitation, now)
    invitation.state = "waiting"
    assert not invitations.takes_first_answer(invitation, now)
