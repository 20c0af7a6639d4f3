"""A new topic is a signal: told once, with what it is about, by the round that reads the comments which tell it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from near_duplicates import vary
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from collector import clock, db, topics
from collector.service import worker
from collector.signals import Signal
from collector.signals.models import SignalPlace
from collector.topics import reading

from .conftest import COMPLAINT

Told = Callable[[], list[Signal]]
JOBS = ("count answers into rollups", "notice what has changed", "look for new topics")
MATTERS = ("bill", "router", "shop", "hotline", "speed", "contract", "price", "app", "phone", "parcel")


@pytest.fixture
def work(engine: Engine, time: clock.FixedClock) -> Callable[[], None]:
    """What a worker does until nothing is left to do: count, look at what is new, look for topics."""

    def call() -> None:
        for job in worker.JOBS:
            if job.name in JOBS:
                worker.run_job(job, db.make_sessions(engine), time)

    return call


@pytest.fixture
def usual(say: Any) -> Callable[[int], None]:
    """Comments of the usual kinds, as many every other day for so many days before today."""
    chance = random.Random(8)

    def call(until: int = 1) -> None:
        for day in range(100, until - 1, -2):
            said = [f"The {chance.choice(MATTERS)} {number} was {chance.random():.9f}" for number in range(2)]
            say("installed", said, score=9, days=day)

    return call


@pytest.fixture
def told(session: Session) -> Told:
    """The new topics that were told of so far."""

    def call() -> list[Signal]:
        session.expire_all()
        found = list(session.scalars(select(Signal).where(Signal.rule == "topic").order_by(Signal.raised_at)))
        session.commit()
        return found

    return call


def _complain(say: Any, number: int = 25, seed: int = 3, **given: Any) -> None:
    chance = random.Random(seed)
    say(
        "installed",
        [vary(COMPLAINT, chance) for _ in range(number)],
        **{"days": 0, "complete": True, **given},
    )


def test_req_056_a_new_topic_is_told_once_with_what_it_is_about(
    say: Any, usual: Any, work: Any, told: Told, time: clock.FixedClock
) -> None:
    usual()
    work()
    assert told() == []
    _complain(say)
    work()
    (signal,) = told()
    assert (signal.touchpoint, signal.since) == ("installed", time().date())
    assert signal.facts["n"] == signal.facts["unhappy"] == 25
    assert "technician" in signal.facts["name"].lower()
    assert 0 < signal.facts["per_year"] <= 0.1
    time.move(days=1)
    _complain(say, 30, seed=4)
    work()
    assert len(told()) == 1


def test_it_is_read_in_one_click_and_never_called_simply_so(
    manager: FlaskClient, client: FlaskClient, keys: Any, say: Any, usual: Any, work: Any, told: Told
) -> None:
    usual()
    _complain(say)
    work()
    (signal,) = told()
    page = manager.get(f"/signals/{signal.signal_id}").text
    assert "simply so" not in page
    assert "this rule is on average wrong at most 0.10 times a year" in page
    assert page.count("<blockquote") == 3
    href = f"/topics?touchpoint=installed&amp;from={signal.facts['from']}&amp;to={signal.facts['to']}"
    assert href in page
    read = manager.get(f"{href.replace('&amp;', '&')}&topic={signal.facts['topic_id']}").text
    assert read.count('class="voice') >= 20
    listed = manager.get("/signals").text
    assert "nobody called" in listed
    german = {**keys["read"], "Accept-Language": "de"}
    said = client.get(f"/api/v1/signals/{signal.signal_id}", headers=german).json["text"]
    assert said.startswith("Kunden schreiben bei „")


def test_it_becomes_an_insight_that_cites_its_answers(
    manager: FlaskClient, say: Any, usual: Any, work: Any, told: Told
) -> None:
    usual()
    _complain(say)
    work()
    (signal,) = told()
    page = manager.get(f"/signals/{signal.signal_id}").text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    made = manager.post(f"/signals/{signal.signal_id}/insight", data={"csrf": token})
    assert made.status_code == 303
    assert "nobody called" in manager.get(made.location).text
    assert [each.state for each in told()] == ["known"]


@pytest.mark.parametrize("how", ["imported", "late", "staff", "off"])
def test_what_is_no_news_is_no_new_topic(
    client: FlaskClient, keys: Any, say: Any, usual: Any, work: Any, told: Told, how: str, time: Any
) -> None:
    usual()
    if how == "off":
        wish = {"touchpoint": "", "off": ["topic"]}
        assert client.put("/api/v1/signal-settings", json=wish, headers=keys["admin"]).status_code == 200
    given = {"imported": {"source": "imported"}, "staff": {"respondent": "employee"}}.get(how, {})
    if how == "late":
        given = {"occurred_at": time() - timedelta(days=6)}
    _complain(say, **given)
    work()
    say("installed", ["Fine", "Good"] * 6 if how != "late" else ["Fine"], score=9, days=0, complete=True)
    work()
    assert told() == []


@pytest.mark.parametrize("before", [29, 30])
def test_comments_are_grouped_only_beside_enough_of_before(
    say: Any, work: Any, told: Told, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    """Where fewer than thirty people wrote before, nothing can be told of as new."""
    grouped, group = list[int](), reading.groups
    monkeypatch.setattr(reading, "groups", lambda now, then: grouped.append(len(then)) or group(now, then))
    chance = random.Random(4)
    say("installed", [f"It was {chance.random():.9f}" for _ in range(before)], score=9, days=60)
    _complain(say, 35)
    work()
    assert grouped == ([30] if before == 30 else [])
    assert len(told()) == (before == 30)


def test_it_is_over_when_nobody_names_it_any_more(
    say: Any, usual: Any, work: Any, told: Told, time: clock.FixedClock
) -> None:
    usual()
    _complain(say)
    work()
    time.move(days=40)
    say("installed", [f"The {each} is fine" for each in MATTERS * 2], score=9, days=0, complete=True)
    work()
    assert [(each.state, each.ended) for each in told()] == [("over", "recovered")]


def test_an_erased_answer_takes_its_words_along(
    manager: FlaskClient, session: Session, say: Any, usual: Any, work: Any, told: Told
) -> None:
    """The signal keeps what five people shared and no sentence of anybody."""
    usual()
    _complain(say)
    work()
    (signal,) = told()
    assert COMPLAINT.split(" and ")[0] not in str(signal.facts)


def test_an_idle_look_is_one_statement(engine: Engine, time: clock.FixedClock, company: Any) -> None:
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    with db.make_sessions(engine)() as session:
        assert not topics.noticing.are_due(session, time())
    assert len(sent) == 1


def test_a_look_waits_for_enough_that_is_new(
    session: Session, say: Any, usual: Any, work: Any, told: Told
) -> None:
    usual()
    say("installed", ["One", "Two", "Three"], days=0, complete=True)
    work()
    assert session.scalars(select(SignalPlace.looked)).one() == 0
    _complain(say, 9)
    work()
    session.expire_all()
    assert session.scalars(select(SignalPlace.looked)).one() == 12
