"""Fewer of those who are asked answer: told from asks that are a week old, once, and never from asks made elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from collector import clock, db, surveys
from collector.invitations import Invitation
from collector.service import worker
from collector.signals import Signal, silences
from collector.signals.models import AskClock, AskWatch
from collector.statistics import falls
from collector.statistics import silences as charts
from collector.statistics.falls import Tally, Walk

Told = Callable[..., list[Signal]]


@pytest.fixture
def ask(session: Session, company: Any, time: clock.FixedClock) -> Callable[..., None]:
    """So many asks in a row, half an hour apart, each ``every``-th answered a day later."""
    published = surveys.version(session, company.workspace_id, "order-nps", 1)
    session.commit()

    def call(number: int, every: int, **given: Any) -> None:
        for place in range(number):
            time.move(minutes=30)
            answered = every > 0 and place % every == 0
            made = {
                "trigger_id": uuid.uuid4(), "touchpoint": "order-confirmed", "survey": "order-nps", "survey_version": 1,
                "series_id": published.series_id, "state": "answered" if answered else "open", "attributes": {},
                "cancel_on": [], "created_at": time(), "asked_at": time(), "expires_at": time() + timedelta(days=30),
                "ended_at": time() + timedelta(days=1) if answered else None, **given,
            }  # fmt: skip
            row = Invitation(workspace_id=company.workspace_id, invitation_id=uuid.uuid4(), **made)
            session.add(row)
        session.commit()

    return call


@pytest.fixture
def week(engine: Engine, time: clock.FixedClock) -> Callable[[], None]:
    """A week goes by, so that every ask is old enough; then the worker looks."""

    def call() -> None:
        time.move(days=7, hours=2)
        job = next(job for job in worker.JOBS if job.name == "see whether fewer customers answer")
        worker.run_job(job, db.make_sessions(engine), time)

    return call


@pytest.fixture
def watched(say: Any, work: Any, time: clock.FixedClock) -> None:
    """A touchpoint with an answer: from now on its asks are watched."""
    say([9])
    work()


@pytest.mark.usefixtures("watched")
def test_req_134_a_response_rate_that_has_fallen_is_told_once_and_recovers(
    ask: Any, week: Any, told: Told
) -> None:
    ask(200, every=3)
    week()
    assert told("silence") == []
    ask(100, every=20)
    week()
    ask(60, every=20)
    week()
    (signal,) = told("silence")
    assert signal.facts["before"]["share"] == pytest.approx(33.5, abs=1)
    assert signal.facts["after"]["high"] < signal.facts["before"]["low"]
    assert (signal.state, signal.facts["per_year"]) == ("open", 0.1)
    ask(120, every=3)
    week()
    assert [(each.state, each.ended) for each in told("silence")] == [("over", "recovered")]


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("given", [{"run": "new-page"}, {"source": "follow_up"}])
def test_members_of_a_run_and_follow_ups_are_asked_apart(
    ask: Any, week: Any, told: Told, given: dict[str, str]
) -> None:
    ask(200, every=3)
    ask(200, every=0, **given)
    week()
    assert told("silence") == []


@pytest.mark.usefixtures("watched")
def test_asks_that_may_still_be_answered_tell_nothing(
    ask: Any, week: Any, told: Told, session: Session
) -> None:
    ask(200, every=3)
    week()
    ask(100, every=0)
    assert silences.notice(session, session.scalars(select(AskClock.reached)).one() + silences.OVER) == 0
    assert told("silence") == []


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("given", [{"source": "imported"}, {"trigger_id": None}, {"asked_at": None}])
def test_asks_made_elsewhere_or_never_made_tell_nothing(
    ask: Any, week: Any, told: Told, session: Session, given: dict[str, Any]
) -> None:
    ask(200, every=3)
    week()
    ask(150, every=0, **given)
    week()
    assert told("silence") == []
    session.expire_all()
    assert session.scalars(select(AskWatch.told)).one() == 200


def test_the_asks_of_before_say_what_is_usual(ask: Any, say: Any, work: Any, week: Any, told: Told) -> None:
    """A house that has asked for long is watched from its first answer on."""
    ask(200, every=3)
    week()
    say([9])
    work()
    ask(100, every=0)
    week()
    (signal,) = told("silence")
    assert signal.facts["before"]["n"] == 200


@pytest.mark.usefixtures("watched")
def test_what_is_known_is_quiet_and_it_is_said_in_words(
    client: FlaskClient, keys: Any, ask: Any, week: Any, told: Told
) -> None:
    ask(200, every=3)
    week()
    ask(100, every=0)
    week()
    (signal,) = told("silence")
    path = f"/api/v1/signals/{signal.signal_id}"
    german = client.get(path, headers={**keys["read"], "Accept-Language": "de"}).json["text"]
    assert german.startswith("Von den bei „Order confirmation page“ gefragten Kunden")
    known = client.patch(path, json={"state": "known"}, headers=keys["admin"]).json
    said = "Of the customers asked at “Order confirmation page”, 0 % (n 45) have answered within a week"
    assert known["text"].startswith(said)
    ask(150, every=0)
    week()
    assert [each.state for each in told("silence")] == ["known"]


def _alarms(random: Random, silent: float, asks: int, allowed: float) -> int:
    walk, found = Walk(usual=Tally(round(silent * 200), 200), laid_out=200), 0
    chart = charts.design(walk.usual, 3650, allowed)
    assert chart is not None
    for _ in range(asks):
        after = falls.step(chart, walk, random.random() < silent)
        found += after.alarmed
        walk = Walk(usual=walk.usual, laid_out=200) if after.alarmed else after
    return found


@pytest.mark.parametrize("silent", [0.6, 0.8, 0.95])
def test_a_rate_that_stays_is_told_no_more_often_than_designed(silent: float) -> None:
    """Forty years of asks, ten a day."""
    assert _alarms(Random(3), silent, 40 * 3650, 0.5) <= 20


def test_of_few_answers_no_fall_is_told() -> None:
    assert charts.design(Tally(395, 400), 3650, 0.1) is None
