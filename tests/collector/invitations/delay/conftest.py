"""Sends delayed triggers, lets events happen, and runs the job that opens what is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import clock, invitations

Send = Callable[..., Any]


DAY = 86_400


@pytest.fixture
def work(session: Session, time: clock.FixedClock) -> Callable[[], int]:
    """Let the worker open what is due at the test's time."""

    def call() -> int:
        done = 0
        while count := invitations.open_due(session, time()):
            session.commit()
            done += count
        return done

    return call


def decision(session: Session, entry: Any) -> Any:
    key = (entry.trigger.workspace_id, entry.trigger.trigger_id)
    return session.get(invitations.Decision, key, populate_existing=True)
