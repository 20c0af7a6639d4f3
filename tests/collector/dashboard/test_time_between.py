"""The time between both sides of a handover, and who is led on from the page of a journey."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock
from collector.interactions import Interaction, JourneyInstance
from collector.kpis.time_between import Between
from tests.collector.dashboard.test_journey_page import open_page


def travel(session: Session, company: Any, number: int, hours: float, start: Any) -> None:
    """One customer's way: the order confirmed, and the appointment some hours later."""
    key, who = f"way-{number}", company.workspace_id
    session.add(JourneyInstance(workspace_id=who, instance_id=key, journey="first-order", journey_version=1, started_at=start, last_at=start))  # fmt: skip
    for place, at in (("order-confirmed", start), ("appointment", start + timedelta(hours=hours))):
        session.add(
            Interaction(
                workspace_id=who, interaction_id=clock.new_id(), event="step", touchpoint=place, known_touchpoint=True,
                journey="first-order", journey_instance=key, occurred_at=at, received_at=at,
            )
        )  # fmt: skip
    session.flush()


def test_the_time_between_both_sides_of_a_handover_is_the_median(
    session: Session, company: Any, time: clock.FixedClock
) -> None:
    start = time() - timedelta(days=5)
    for number, hours in enumerate((1, 2, 30, 40, 500)):
        travel(session, company, number, hours, start)
    times = {handover.places: handover.between for handover in open_page(session, company, time).handovers}
    assert times["order-confirmed", "appointment"] == Between(timedelta(hours=30), 5)
    assert times["installed", "activation-sms"] is None


def test_the_way_of_a_few_customers_stays_hidden(
    session: Session, company: Any, time: clock.FixedClock
) -> None:
    for number in range(4):
        travel(session, company, number, 3, time() - timedelta(days=5))
    travel(session, company, 4, -3, time() - timedelta(days=5))
    assert all(handover.between is None for handover in open_page(session, company, time).handovers)


def test_the_time_between_is_told_in_the_table(
    manager: FlaskClient, session: Session, company: Any, time: clock.FixedClock
) -> None:
    for number in range(6):
        travel(session, company, number, 76.8, time() - timedelta(days=5))
    session.commit()
    assert manager.get("/journeys/first-order").text.count("3.2 days") == 2
    assert manager.get("/journeys/first-order?lang=de").text.count("3,2 Tg.") == 2


def test_only_administrators_are_led_to_the_editor(
    manager: FlaskClient, signed_in: Callable[[str], FlaskClient], company: Any
) -> None:
    assert "/journeys/first-order/edit" in manager.get("/journeys/first-order").text
    assert "/journeys/first-order/edit" not in signed_in("ops@example.com").get("/journeys/first-order").text
