"""Five things go wrong in one company: each is told with its cause, by the round after the answers that tell it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from near_duplicates import vary
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from collector import clock, db, surveys
from collector.responses import Response, stemming
from collector.service import worker
from collector.signals import Signal

from .conftest import _answer

JOBS = ("count answers into rollups", "notice what has changed", "look for new topics")
ROUND = timedelta(seconds=30)
"""How often a round of the worker comes here; it comes each second in truth."""
WITHIN = timedelta(seconds=60)
COMPLAINT = "The technician never came on the agreed day and nobody called me"
NEW = "Your new app signs me out whenever I open the bill"
GOOD, BAD = (9, 10, 9, 8, 3), (2, 9, 4, 3, 1)
WORDS = [
    "invoice",
    "router",
    "shop",
    "hotline",
    "speed",
    "contract",
    "price",
    "letter",
    "parcel",
    "cable",
    "tariff",
    "refund",
    "bonus",
    "meter",
    "delay",
    "noise",
    "manual",
]
FALL, PHONE, TARIFF, ALIKE, TOPIC = ("fallen", "phoned", "priced", "installed", "app")


@pytest.fixture
def put(session: Session, company: Any, time: clock.FixedClock) -> Callable[..., None]:
    """One answer, now or so many days ago: ``put("fallen", 9, comment="...")``."""
    published = surveys.version(session, company.workspace_id, "order-nps", 1)
    session.commit()

    def call(touchpoint: str, score: int, days: int = 0, **given: Any) -> None:
        said = {"touchpoint": touchpoint, "occurred_at": time() - timedelta(days=days), **given}
        if comment := said.get("comment"):
            said |= {"comment_stems": stemming.stems(comment, "en"), "locale": "en"}
        session.add(_answer(company.workspace_id, published.series_id, score, time(), said))

    return call


def _history(put: Callable[..., None]) -> None:
    """What is usual: a hundred answers at each touchpoint, and what people write there."""
    chance = random.Random(7)
    for number in range(100):
        for touchpoint in (FALL, PHONE, TARIFF, ALIKE, TOPIC):
            said = {"comment": " ".join(chance.sample(WORDS, 3))} if number % 2 else {}
            put(touchpoint, GOOD[number % 5], days=100 - number if number < 95 else 6, **said)


def _today(chance: random.Random) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Eighty answers at each touchpoint, one of each in turn."""
    for number in range(80):
        fine, poor = GOOD[number % 5], BAD[number % 5]
        yield FALL, poor, {}
        yield PHONE, poor if number % 2 else fine, {"channel": "phone" if number % 2 else "web"}
        tariff = "S" if number % 2 else "L"
        yield TARIFF, poor if number % 2 else fine, {"attributes": {"tariff": tariff}}
        yield ALIKE, fine, {"comment": vary(COMPLAINT, chance)} if number < 50 else {}
        yield TOPIC, fine, {"comment": vary(NEW, chance) if number % 3 else " ".join(chance.sample(WORDS, 3))}


@pytest.fixture
def work(engine: Engine, time: clock.FixedClock) -> Callable[[], None]:
    """A round of the worker."""

    def call() -> None:
        for job in worker.JOBS:
            if job.name in JOBS:
                worker.run_job(job, db.make_sessions(engine), time)

    return call


def test_req_134_each_of_five_things_is_told_with_its_cause_within_a_minute(
    put: Callable[..., None], work: Callable[[], None], session: Session, time: clock.FixedClock
) -> None:
    _history(put)
    session.commit()
    work()
    assert session.scalars(select(Signal)).all() == []
    session.rollback()
    for number, (touchpoint, score, given) in enumerate(_today(random.Random(5))):
        put(touchpoint, score, **given)
        if number % 25 == 24:
            session.commit()
            time.move(seconds=ROUND.total_seconds())
            work()
    found = {
        (row.rule, row.touchpoint): row for row in session.scalars(select(Signal)) if row.rule != "unhappy"
    }
    assert found["fall", FALL].facts["after"]["share"] > 60
    assert found["part", PHONE].facts["of"] == {"channel": "phone"}
    assert found["part", TARIFF].facts["of"] == {"attribute.tariff": "S"}
    assert "technician" in found["topic", ALIKE].facts["name"].lower()
    assert "bill" in found["topic", TOPIC].facts["name"].lower()
    for row in found.values():
        said = select(Response.received_at).where(Response.touchpoint == row.touchpoint)
        last = max(at for at in session.scalars(said) if at <= row.raised_at)
        assert row.raised_at - last <= WITHIN
