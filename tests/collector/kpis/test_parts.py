"""Channels and groups of customers inside a touchpoint: compared among all the page's pairs, customers in closed groups."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, surveys
from collector.kpis import rollups
from collector.responses import Response

Headers = dict[str, dict[str, str]]
Say = Callable[..., None]


@pytest.fixture
def say(session: Session, company: Any, time: clock.FixedClock) -> Say:
    """So many answers of one score: ``say(60, 9, persona="senior")``; they are counted."""
    published = surveys.version(session, company.workspace_id, "order-nps", 1)

    def call(n: int, score: int, **given: Any) -> None:
        for _ in range(n):
            at = time() - timedelta(hours=1)
            session.add(
                Response(
                    workspace_id=company.workspace_id, response_id=uuid.uuid4(), survey="order-nps", survey_version=1, journey="first-order",
                    journey_version=1, series_id=published.series_id, metric="nps", touchpoint="order-confirmed", answers={}, score=score,
                    occurred_at=at, day=at.date(), received_at=at, updated_at=at, complete=True, **{"channel": "web", **given},
                )
            )  # fmt: skip
        session.flush()
        while rollups.count(session, time()):
            pass
        session.commit()

    return call


@pytest.fixture
def stated(client: FlaskClient, keys: Headers) -> Callable[[], dict[str, Any]]:
    def call() -> dict[str, Any]:
        got = client.get("/api/v1/verdicts?journey=first-order", headers=keys["read"])
        assert got.status_code == 200, got.text
        return dict(got.json)

    return call


@pytest.mark.parametrize(
    ("one", "other", "of", "against"),
    [
        ({"persona": "senior"}, {"persona": "junior"}, {"persona": "senior"}, {"personas": "rest"}),
        ({"attributes": {"tariff": "S"}}, {"attributes": {"tariff": "L"}}, {"attribute.tariff": "S"}, {"attribute.tariff": "rest"}),
        ({"channel": "web"}, {"channel": "app"}, {"channel": "web"}, {"channels": "rest"}),
        ({"channel": "app"}, {"channel": "web"}, {"channel": "app"}, {"channels": "rest"}),
        ({"persona": "junior"}, {"persona": "senior"}, {"persona": "junior"}, {"personas": "rest"}),
    ],
)  # fmt: skip
def test_a_group_that_differs_is_named(
    say: Say, stated: Any, one: dict[str, Any], other: dict[str, Any], of: dict[str, str], against: dict[str, str]
) -> None:  # fmt: skip
    for score, n in ((9, 30), (3, 70)):
        say(n, score, **one)
    for score, n in ((9, 80), (3, 20)):
        say(n, score, **other)
    (verdict,) = stated()["verdicts"]
    place = {"touchpoint": "order-confirmed"}
    assert (verdict["of"], verdict["against"]) == (place | of, place | against)
    assert verdict["kind"] == ("channel" if "channel" in of else "segment")
    assert verdict["high"] <= 0
    assert all(n % 5 == 0 for n in verdict["n"]) or "channel" in of, "customers come in closed groups"


def test_groups_that_do_not_differ_are_compared_and_not_named(say: Say, stated: Any) -> None:
    for score, n in ((9, 50), (3, 50)):
        say(n, score, persona="senior")
        say(n, score, persona="junior")
    found = stated()
    assert found["verdicts"] == []
    assert [(each["family"], each["comparisons"]) for each in found["compared"]] == [("segment", 1)]


def test_a_few_customers_are_not_compared(say: Say, stated: Any) -> None:
    say(100, 9, persona="senior")
    say(20, 0, persona="junior")
    assert stated() == {"compared": [], "verdicts": []}
