"""My desk: what is mine to do, with marks that the record keeps; owners and touchpoints carry the same statements."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.changes import Change
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
