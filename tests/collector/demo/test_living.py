"""The demo's last days are lived: what changed in them is on the desk as a signal, raised on its day."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import workspaces
from collector.demo import living, seed, story
from collector.demo.sample import Sample
from collector.signals import Signal
from tests.collector.demo.conftest import NOW


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_fall_was_told_on_its_day_and_what_single_customers_wrote_was_read(
    session: Session, company: workspaces.Workspace
) -> None:
    usual = [_said(n, days_ago=14 + n / 2, score=2 if n % 4 == 0 else 5) for n in range(1, 101)]
    fallen = [_said(100 + n, days_ago=n / 4, score=5 if n % 4 == 0 else 1) for n in range(1, 45)]
    prototype = _prototype(session, company)
    living.take_in(
        session, company.workspace_id, [prototype | each for each in usual + fallen], seed.EMAIL, NOW
    )
    found = session.scalars(select(Signal).order_by(Signal.raised_at)).all()
    (fall,) = [each for each in found if each.rule == "fall"]
    assert (fall.touchpoint, fall.state) == (story.UPDATED, "open")
    assert NOW - timedelta(days=10) < fall.raised_at < NOW - timedelta(days=2)
    assert fall.facts["after"]["share"] > fall.facts["before"]["share"] + 25
    read = {each.state for each in found if each.rule == "unhappy" and each.raised_at < NOW}
    assert read == {"known"}
    assert all(each.raised_at > NOW - timedelta(days=14) for each in found), "history raises nothing"


def _prototype(session: Session, company: workspaces.Workspace) -> dict[str, Any]:
    """A row of an answer at the touchpoint that falls."""
    rows = Sample(seed.setting(session, company), NOW, scale=0.05).rows()
    return next(row for name, row in rows if name == "response" and row["touchpoint"] == story.UPDATED)


def _said(number: int, days_ago: float, score: int) -> dict[str, Any]:
    at = NOW - timedelta(days=days_ago)
    return {
        "response_id": uuid.UUID(int=number),
        "invitation_id": uuid.UUID(int=10_000 + number),
        "score": score,
        "comment": "It closes by itself" if score == 1 else None,
        "day": at.date(),
        "occurred_at": at,
        "received_at": at,
        "updated_at": at,
    }
