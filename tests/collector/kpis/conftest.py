"""What the tests of figures have in common: answers stored as the collector stores them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import clock, surveys
from collector.responses import Response


@pytest.fixture
def say(session: Session, company: Any, time: clock.FixedClock) -> Callable[..., Response]:
    """Store one answer: ``say(9, persona="senior")``."""
    published = surveys.version(session, company.workspace_id, "order-nps", 1)

    def call(score: int, days: int = 0, **given: Any) -> Response:
        at = time() + timedelta(days=days, seconds=call.said)  # type: ignore[attr-defined]
        call.said += 1  # type: ignore[attr-defined]
        row = Response(
            workspace_id=company.workspace_id, response_id=clock.new_id(), survey="order-nps", survey_version=1,
            series_id=published.series_id, metric="nps", answers={}, score=score,
            occurred_at=at, day=at.date(), received_at=at, updated_at=at, source="solicited", respondent="customer", complete=True,
            **{"touchpoint": "order-confirmed", "channel": "web", **given},
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    call.said = 0  # type: ignore[attr-defined]
    return call
