"""A channel or a group of customers that is unhappier than the others is told, with which it is; the others are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import webhooks
from collector.signals import Signal

Told = Callable[..., list[Signal]]
FINE = [9, 10, 9, 8, 3]
POOR = [2, 9, 4, 3, 8]


@pytest.fixture
def go_on(say: Any, work: Any) -> Callable[..., None]:
    """Days of answers, those of one part poor: ``go_on(20, {"channel": "phone"}, {"channel": "web"})``."""

    def call(rounds: int, poor: dict[str, Any], fine: dict[str, Any], scores: list[int] = POOR) -> None:
        for _ in range(rounds):
            say(FINE, **fine)
            say(scores, **poor)
        work()

    return call


@pytest.mark.parametrize(
    ("poor", "fine", "of"),
    [
        ({"channel": "phone"}, {"channel": "web"}, {"channel": "phone"}),
        ({"attributes": {"tariff": "S"}}, {"attributes": {"tariff": "L"}}, {"attribute.tariff": "S"}),
        ({"persona": "senior"}, {"persona": "junior"}, {"persona": "senior"}),
    ],
)
def test_the_part_that_is_apart_is_told(go_on: Any, told: Told, poor: Any, fine: Any, of: Any) -> None:
    go_on(20, poor, fine)
    (signal,) = told("part")
    assert signal.facts["of"] == of
    assert signal.facts["part"]["low"] > signal.facts["rest"]["high"]
    go_on(10, poor, fine)
    assert len(told("part")) == 1


def test_parts_that_are_alike_are_not(go_on: Any, told: Told) -> None:
    go_on(30, {"channel": "phone"}, {"channel": "web"}, FINE)
    assert told() == []


def test_it_is_over_when_nothing_speaks_for_it_any_more(go_on: Any, told: Told, time: Any) -> None:
    go_on(20, {"channel": "phone"}, {"channel": "web"})
    time.move(days=40)
    go_on(20, {"channel": "phone"}, {"channel": "web"}, FINE)
    assert [(each.state, each.ended) for each in told("part")] == [("over", "recovered")]


def test_other_systems_are_told(
    client: FlaskClient, keys: Any, go_on: Any, told: Told, session: Session
) -> None:
    body = {"name": "CRM", "url": "https://93.184.215.14/hooks", "kinds": ["signal.raised"]}
    assert client.post("/api/v1/webhooks", json=body, headers=keys["admin"]).status_code == 201
    go_on(20, {"channel": "phone"}, {"channel": "web"})
    (signal,) = told()
    (event,) = session.scalars(select(webhooks.WebhookEvent)).all()
    assert (event.kind, event.touchpoint) == ("signal.raised", "order-confirmed")
    assert event.data["signal_id"] == str(signal.signal_id)
    assert "of Phone are unhappy" in event.data["title"]
    assert event.data["owners"] == ["sales"]
