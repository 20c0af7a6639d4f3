"""Events that come at once are noted at once: each page hears what became of its own, and none is lost."""

from __future__ import annotations

import time as wall
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from statement_plans import statements_of

from collector import clock, db, invitations, revisions, workspaces
from collector.config import Config
from collector.invitations import Invitation, noting
from collector.service.app import create_app

Tell = tuple[str, str]
"""A link's token and what is told of it."""
LONG = 30.0


@pytest.fixture
def tokens(trigger: Callable[..., Any]) -> Callable[[int], list[str]]:
    """``tokens(5)``: links to so many open invitations."""
    return lambda count: [trigger()["invitation"]["token"] for _ in range(count)]


@pytest.fixture
def elsewhere(config: Config, database_url: str, time: clock.FixedClock) -> Iterator[Flask]:
    """Another process, as it were: with an engine, turns and a lane of its own."""
    engine = db.make_engine(database_url, 8)
    yield create_app(config, engine, time)
    engine.dispose()


def tell(app: Flask, token: str, event: str) -> Any:
    with app.test_client() as own:
        return own.post("/w/v1/events", json={"token": token, "event": event})


def at_once(apps: Sequence[Flask], told: Sequence[Tell]) -> list[Any]:
    """Each event on a thread of its own, through the apps in turns."""
    with ThreadPoolExecutor(len(told)) as pool:
        sent = [pool.submit(tell, apps[n % len(apps)], *each) for n, each in enumerate(told)]
        return [future.result(LONG) for future in sent]


@pytest.fixture
def one_batch(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """``one_batch(told)``: all that did not make it into the first batch are in the second; ``left`` come into neither."""
    note_all = invitations.note_all

    def send_all(told: Sequence[Tell], left: int = 0) -> list[Any]:
        sizes: list[int] = []

        def once_all_wait(session: Session, taken: Sequence[invitations.Told]) -> list[bool | None]:
            sizes.append(len(taken))
            queue = app.extensions["afterword_events"]._together._queue
            deadline = wall.monotonic() + LONG
            while len(sizes) == 1 and len(queue) < len(told) - left - sizes[0]:
                assert wall.monotonic() < deadline
                wall.sleep(0.001)
            return note_all(session, taken)

        monkeypatch.setattr(invitations, "note_all", once_all_wait)
        answered = at_once([app], told)
        assert len(sizes) <= 2
        return answered

    return send_all


def standing(session: Session) -> list[tuple[str, bool, bool]]:
    """(state, whether it was shown, whether it has ended) of each invitation, in the order in which they were made."""
    session.rollback()
    rows = session.scalars(select(Invitation).order_by(Invitation.created_at, Invitation.invitation_id))
    found = [(row.state, row.shown_at is not None, row.ended_at is not None) for row in rows]
    session.rollback()  # so that others may write
    return found


def test_a_batch_is_noted_in_as_many_statements_as_one_event(
    engine: Engine, session: Session, tokens: Any, one_batch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "LOOKED_AT", float("inf"))
    told = [(token, "shown") for token in tokens(9)]
    with statements_of(engine) as sent:
        answered = one_batch(told)
    assert [(each.status_code, each.json) for each in answered] == [(202, {})] * 9
    kinds = [statement.split()[0] for statement, _ in sent if "invitation" in statement]
    assert kinds in (["SELECT", "UPDATE"], ["SELECT", "UPDATE"] * 2)  # for one batch or two
    assert standing(session) == [("open", True, False)] * 9


def test_each_gets_its_own_outcome(
    client: FlaskClient, session: Session, tokens: Any, one_batch: Any, answer: Callable[..., Any], keys: Any,
    trigger: Callable[..., Any],
) -> None:  # fmt: skip
    """Shown, dismissed, left, put off (once only), a forged link, an answered one, a withdrawn one, the same again."""
    shown, dismissed, abandoned, later, again, answered, twice = tokens(7)
    withdrawn = trigger(transaction="order-back")["invitation"]["token"]
    client.delete("/api/v1/triggers/order-back", headers=keys["server"])
    assert tell(client.application, again, "later").status_code == 409  # its policy does not allow it
    assert answer(answered, score=9).status_code == 201
    told = [
        (shown, "shown"), (dismissed, "dismissed"), (abandoned, "abandoned"), (later, "later"), (again, "shown"),
        (answered, "dismissed"), (shown[:-2] + "xx", "shown"), (withdrawn, "shown"), (twice, "shown"), (twice, "shown"),
    ]  # fmt: skip
    heard = one_batch(told, left=1)  # a forged link is refused before
    assert [(each.status_code, each.json.get("code")) for each in heard] == [
        (202, None), (202, None), (202, None), (409, "not_put_off"), (202, None),
        (202, None), (401, "bad_token"), (202, None), (202, None), (202, None),
    ]  # fmt: skip
    assert sorted(standing(session)) == sorted([
        ("open", True, False), ("declined", True, True), ("open", True, False), ("open", False, False),
        ("open", True, False), ("answered", True, True), ("open", True, False), ("cancelled", False, True),
    ])  # fmt: skip


def test_what_is_told_of_one_question_is_noted_in_its_order(
    session: Session, company: workspaces.Workspace, tokens: Any, time: clock.FixedClock
) -> None:
    """In one batch: shown, dismissed, and what the page tells after that; the first time that it was shown stands."""
    tokens(1)
    own = session.scalars(select(Invitation)).one()
    began = time()
    told = [
        noting.Told(company.workspace_id, own.invitation_id, event, began + timedelta(seconds=n))
        for n, event in enumerate(["shown", "abandoned", "dismissed", "shown", "dismissed"])
    ]
    assert invitations.note_all(session, told) == [True] * 5
    session.commit()
    session.refresh(own)
    assert (own.state, own.shown_at, own.ended_at) == ("declined", began, began + timedelta(seconds=2))
    assert invitations.note_all(session, told[:1]) == [True]  # a retry changes nothing
    session.commit()
    session.refresh(own)
    assert (own.state, own.shown_at) == ("declined", began)


def test_a_row_that_fails_leaves_the_others_noted(
    session: Session, tokens: Any, one_batch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row that the database refuses: it alone is told so."""
    told = [(token, "shown") for token in tokens(4)] + [(tokens(1)[0], "dismissed")]
    changed = noting._changed

    def planted(state: str, shown_at: Any, event: str, now: Any) -> dict[str, Any]:
        new = changed(state, shown_at, event, now)
        return new | ({"state": None} if event == "dismissed" else {})

    monkeypatch.setattr(noting, "_changed", planted)
    heard = one_batch(told)
    assert [each.status_code for each in heard] == [202, 202, 202, 202, 500]
    assert sorted(standing(session)) == [("open", False, False)] + [("open", True, False)] * 4


def test_nobody_is_thanked_for_what_is_not_committed(
    session: Session, app: Flask, tokens: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that goes away at the commit: 503 for all, nothing kept, and it does well a moment later."""
    told = [(token, "shown") for token in tokens(3)]

    def cut_off(_session: Session) -> None:
        raise OperationalError("COMMIT", None, Exception("the server went away"))

    with monkeypatch.context() as patched:
        patched.setattr(Session, "commit", cut_off)
        heard = at_once([app], told)
    assert [(each.status_code, "Retry-After" in each.headers) for each in heard] == [(503, True)] * 3
    assert standing(session) == [("open", False, False)] * 3
    assert [each.status_code for each in at_once([app], told)] == [202] * 3
    assert standing(session) == [("open", True, False)] * 3


def test_two_processes_note_the_same_at_once(
    app: Flask, elsewhere: Flask, session: Session, tokens: Any
) -> None:
    """Every event goes to both, as from a page whose first try was slow; of shown and dismissed both stand."""
    told = [(token, event) for token in tokens(4) for event in ("shown", "shown", "dismissed", "dismissed")]
    heard = at_once([app, elsewhere], told)
    while busy := [n for n, each in enumerate(heard) if each.status_code == 503]:
        for n, each in zip(busy, at_once([app], [told[n] for n in busy]), strict=True):
            heard[n] = each
    assert {each.status_code for each in heard} == {202}
    assert standing(session) == [("declined", True, True)] * 4


def test_one_that_somebody_else_has_locked_is_waited_for_alone(
    engine: Engine, app: Flask, session: Session, tokens: Any
) -> None:
    """The others are noted while it waits, and it is not lost. (SQLite locks no rows.)"""
    if engine.dialect.name != "postgresql":
        return
    [locked] = tokens(1)
    [held] = session.scalars(select(Invitation.invitation_id)).all()
    session.rollback()
    free = tokens(3)
    with ThreadPoolExecutor(1) as pool, Session(engine) as holder:
        holder.execute(select(Invitation).where(Invitation.invitation_id == held).with_for_update())
        waits = pool.submit(tell, app, locked, "shown")
        assert [each.status_code for each in at_once([app], [(each, "shown") for each in free])] == [202] * 3
        assert not waits.done()
        holder.rollback()
        assert waits.result(LONG).status_code == 202
    assert standing(session) == [("open", True, False)] * 4


def test_a_full_queue_is_503_with_a_time_to_come_back(
    app: Flask, tokens: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["afterword_events"]._together, "_longest", 0)
    refused = tell(app, tokens(1)[0], "shown")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
