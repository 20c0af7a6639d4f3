"""Answers as they come, and the worker that counts them and looks at what is new."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from collector import clock, db, surveys
from collector.responses import Response
from collector.service import worker
from collector.signals import Signal

Say = Callable[..., None]


@pytest.fixture
def say(session: Session, company: Any, time: clock.FixedClock) -> Say:
    """Answers to the NPS of the order, six minutes apart from now on: ``say([9, 9, 2], channel="phone")``."""
    published = surveys.version(session, company.workspace_id, "order-nps", 1)
    session.commit()

    def call(scores: Sequence[int], hours: float = 0.1, **given: Any) -> None:
        for score in scores:
            time.move(hours=hours)
            session.add(_answer(company.workspace_id, published.series_id, score, time(), given))
        session.commit()

    return call


def _answer(workspace_id: Any, series_id: Any, score: int, at: Any, given: dict[str, Any]) -> Response:
    said = {
        "touchpoint": "order-confirmed", "survey": "order-nps", "survey_version": 1, "metric": "nps", "journey": "first-order",
        "journey_version": 1, "channel": "web", "answers": {}, "complete": True, "occurred_at": at, **given,
    }  # fmt: skip
    return Response(
        workspace_id=workspace_id,
        response_id=uuid.uuid4(),
        series_id=series_id,
        score=score,
        day=said["occurred_at"].date(),
        received_at=at,
        updated_at=at,
        **said,
    )


@pytest.fixture
def work(engine: Engine, time: clock.FixedClock) -> Callable[[], None]:
    """What a worker does until nothing is left to do: count, then look at what is new."""
    return lambda: _run(engine, time, "count answers into rollups", "notice what has changed")


def _run(engine: Engine, time: clock.FixedClock, *names: str) -> None:
    for job in worker.JOBS:
        if job.name in names:
            worker.run_job(job, db.make_sessions(engine), time)


@pytest.fixture
def count(engine: Engine, time: clock.FixedClock) -> Callable[[], None]:
    """Count, and look at nothing yet."""
    return lambda: _run(engine, time, "count answers into rollups")


@pytest.fixture
def told(session: Session) -> Callable[..., list[Signal]]:
    """The signals so far, the oldest first; of one rule: ``told("fall")``."""

    def call(rule: str | None = None) -> list[Signal]:
        session.expire_all()
        query = select(Signal).order_by(Signal.signal_id)
        found = list(session.scalars(query.where(Signal.rule == rule) if rule else query))
        session.commit()
        return found

    return call


@pytest.fixture
def answered(trigger: Any, answer: Any) -> Callable[..., tuple[str, str]]:
    """A customer is asked and answers: ``answered("c-1", score=2)`` gives token and answer's id."""

    def call(customer: str, complete: bool = True, **answers: Any) -> tuple[str, str]:
        token, response_id = trigger(customer=customer)["invitation"]["token"], str(uuid.uuid4())
        assert answer(token, response_id, complete=complete, **answers).status_code == 201
        return token, response_id

    return call
