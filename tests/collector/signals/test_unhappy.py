"""One unhappy customer who wrote something is told at once, to those in scope, and so many a day at most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, signing, webhooks
from collector.responses import Response, news
from collector.signals import Signal, unhappy

Told = Callable[..., list[Signal]]


def test_it_is_told_at_once(say: Any, work: Any, told: Told) -> None:
    say([9, 8], comment="All went well")
    say([3])
    say([2], comment="Nobody came")
    work()
    (signal,) = told()
    assert (signal.rule, signal.touchpoint, signal.facts) == ("unhappy", "order-confirmed", {"score": 2})
    assert signal.response_id is not None


def test_a_comment_that_comes_after_the_click_is_told_too(
    answered: Any, answer: Any, work: Any, told: Told, time: clock.FixedClock
) -> None:
    """The click has been counted by then."""
    token, response_id = answered("c-1", score=2, complete=False)
    time.move(minutes=2)
    work()
    assert told() == []
    assert answer(token, response_id, complete=True, score=2, comment="Nobody came").status_code == 200
    work()
    assert [signal.facts for signal in told("unhappy")] == [{"score": 2}]


def test_a_comment_beside_a_score_that_was_taken_is_taken_with_the_next(
    say: Any, session: Session, time: clock.FixedClock
) -> None:
    """Whether it did not fit into the batch, or was noted while that was looked at."""
    say([2, 3], comment="Nobody came")
    both = session.scalars(select(Response)).all()
    news.note(session, both, "comment", time())
    news.note(session, both, "score", time())
    batches = [news.take(session, time(), 3) for _ in range(3)]
    session.commit()
    assert [len(batch) for batch in batches] == [3, 1, 0]
    taken = sorted((row.score, what) for batch in batches for what, row in batch)
    assert taken == [(2, "comment"), (2, "score"), (3, "comment"), (3, "score")]


def test_a_flood_of_them_is_told_in_part(say: Any, work: Any, told: Told, time: clock.FixedClock) -> None:
    say([1] * 30, hours=0.01, comment="Nobody came")
    work()
    assert len(told("unhappy")) == unhappy.MOST
    time.move(days=1)
    say([1], comment="Nobody came")
    work()
    assert len(told("unhappy")) == unhappy.MOST + 1


@pytest.mark.parametrize("given", [{"respondent": "employee"}, {"score": None}])
def test_staff_and_silence_raise_none(say: Any, work: Any, told: Told, given: dict[str, Any]) -> None:
    if "score" not in given:
        say([1], comment="Nobody came", **given)
    work()
    assert told() == []


def test_news_of_it_is_in_the_companys_language_and_goes_with_the_customer(
    client: FlaskClient, keys: Any, say: Any, work: Any, session: Session, company: Any
) -> None:
    body = {"name": "CRM", "url": "https://93.184.215.14/hooks", "kinds": ["signal.raised"]}
    assert client.post("/api/v1/webhooks", json=body, headers=keys["admin"]).status_code == 201
    client.patch("/api/v1/workspace", json={"locale": "de"}, headers=keys["admin"])
    say([2], comment="Nobody came", customer=signing.pseudonym(company.pseudonym_key, "c-1"))
    work()
    (event,) = session.scalars(select(webhooks.WebhookEvent)).all()
    assert event.data["title"].startswith("Ein unzufriedener Kunde hat")
    session.rollback()  # SQLite: a reading session here holds the write lock
    assert client.delete("/api/v1/customers/c-1", headers=keys["server"]).status_code in {200, 204}
    assert session.scalars(select(webhooks.WebhookEvent)).all() == []


def test_it_is_on_the_desk_of_whoever_answers_for_it(
    client: FlaskClient, keys: Any, say: Any, work: Any
) -> None:
    say([2], comment="Nobody came")
    work()
    found = client.get("/api/v1/signals?state=open&kind=unhappy", headers=keys["read"]).json["signals"]
    assert [(each["of"]["touchpoint"], each["state"]) for each in found] == [("order-confirmed", "open")]
    assert found[0]["text"].startswith("An unhappy customer wrote something at “Order confirmation page”")
