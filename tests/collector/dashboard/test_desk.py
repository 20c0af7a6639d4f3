"""My desk: what is mine to do, with marks that the record keeps; owners and touchpoints carry the same statements."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.changes import Change
from collector.dashboard import desk_page
from collector.responses import Response

DROP = "the score falls by"


@pytest.fixture
def ops(company: Any, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """Somebody of Operations."""
    return signed_in("ops@example.com")


def _marks(page: str) -> list[tuple[str, str]]:
    return re.findall(r'action="(/desk/comments/[^"]+)".*?name="csrf" value="([^"]+)"', page, re.S)


def test_the_desk_says_first_what_is_mine_to_do(ops: FlaskClient) -> None:
    page = ops.get("/desk").text
    assert DROP in page
    assert (
        page.index(DROP)
        < page.index("Unhappy comments")
        < page.index("My touchpoints")
        < page.index("Journeys I stand in")
    )


def test_owner_touchpoint_and_desk_state_the_same(ops: FlaskClient, manager: FlaskClient) -> None:
    def stated(path: str) -> set[str]:
        part = manager.get(path).text.split('data-part="statements"')[1].split("</section>")[0]
        return set(re.findall(r'<p class="verdict__line">(.*?)</p>', part, re.S))

    desk = ops.get("/desk").text
    owners = stated("/owners/operations")
    assert owners
    assert all(sentence in desk for sentence in owners)
    worst = next(sentence for sentence in owners if DROP in sentence)
    (key,) = {
        place
        for place in re.findall(r'href="/touchpoints/([\w-]+)"', desk)
        if worst in manager.get(f"/touchpoints/{place}").text
    } or {""}
    assert key


def test_a_mark_is_shown_recorded_and_clears_the_desk(ops: FlaskClient, session: Session) -> None:
    address, csrf = _marks(ops.get("/desk").text)[0]
    assert ops.post(address, data={"csrf": csrf, "state": "working"}).status_code == 303
    assert "ops@example.com" in ops.get("/desk").text
    assert ops.post(address, data={"csrf": csrf, "state": "done"}).status_code == 303
    assert address not in ops.get("/desk").text
    noted = session.scalars(select(Change).where(Change.noun == "comment").order_by(Change.number)).all()
    assert [(row.actor, row.before, row.after) for row in noted] == [
        ("ops@example.com", None, {"state": "working"}),
        ("ops@example.com", {"state": "working"}, {"state": "done"}),
    ]


def test_what_is_in_hand_stays_in_sight_however_many_wait(
    ops: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_page, "SHOWN", 1)
    address, csrf = _marks(ops.get("/desk").text)[0]
    ops.post(address, data={"csrf": csrf, "state": "working"})
    shown = [found for found, _ in _marks(ops.get("/desk").text)]
    assert len(shown) == 2
    assert shown[-1] == address


def test_nobody_marks_what_lies_outside_their_scope(ops: FlaskClient, session: Session) -> None:
    _address, csrf = _marks(ops.get("/desk").text)[0]
    theirs = session.scalars(
        select(Response.response_id).where(Response.touchpoint == "order-confirmed")
    ).first()
    session.rollback()  # SQLite has one writer: leave the place to the app
    answer = ops.post(f"/desk/comments/{theirs}", data={"csrf": csrf, "state": "seen"})
    assert (answer.status_code, session.scalars(select(Change).where(Change.noun == "comment")).all()) == (
        404,
        [],
    )


def test_an_unknown_mark_is_refused(ops: FlaskClient) -> None:
    address, csrf = _marks(ops.get("/desk").text)[0]
    assert ops.post(address, data={"csrf": csrf, "state": "lost"}).status_code == 422


def test_the_desk_speaks_german(ops: FlaskClient) -> None:
    page = ops.get("/desk?lang=de").text
    assert "Mein Schreibtisch" in page
    assert "Unzufriedene Kommentare" in page


def test_what_is_new_since_the_last_visit_is_told(
    ops: FlaskClient, session: Session, time: clock.FixedClock
) -> None:
    """Whatever happened within one visit stays new in it; what is not marked stays, new or not."""
    assert "Since your last visit" not in ops.get("/desk").text
    time.move(minutes=6)
    ops.get("/desk")
    time.move(days=1)
    _arrives(session, "Nobody came, again", time)
    time.move(hours=3)
    for _ in range(2):
        page = ops.get("/desk").text
        assert "1 unhappy comment</a>" in page
        assert page.split("Nobody came, again")[1].split("</li>")[0].count(">new</span>") == 1
        assert page.count(">new</span>") == 1
        time.move(minutes=10)
    time.move(days=2)
    page = ops.get("/desk").text
    assert "nothing new" in page
    assert "Nobody came, again" in page
    assert ">new</span>" not in page


def test_an_open_comment_outlives_the_period_of_the_figures(ops: FlaskClient, time: clock.FixedClock) -> None:
    waiting = {address for address, _ in _marks(ops.get("/desk").text)}
    assert waiting
    assert {address for address, _ in _marks(ops.get("/desk?days=1").text)} == waiting


def _arrives(session: Session, comment: str, time: clock.FixedClock) -> None:
    """One more unhappy customer, like another one, just now."""
    like = session.scalars(
        select(Response).where(
            Response.touchpoint == "installed", Response.comment.is_not(None), Response.score <= 2
        )
    ).first()
    assert like is not None
    columns = {column.key: getattr(like, column.key) for column in Response.__table__.columns}
    fresh = {"response_id": uuid.uuid4(), "invitation_id": None, "comment": comment, "transaction": None}
    session.add(Response(**columns | fresh | {"occurred_at": time(), "received_at": time()}))
    session.commit()
