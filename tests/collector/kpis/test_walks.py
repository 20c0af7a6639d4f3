"""One definition of a visit: what several records tell of one contact counts once, on every page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock
from collector.interactions import JourneyInstance
from collector.kpis import walks
from collector.kpis.time_between import between

JOURNEY = "first-order"


class Way(NamedTuple):
    """What a business system tells of one customer's way."""

    client: FlaskClient
    keys: dict[str, Any]
    time: clock.FixedClock

    def event(self, touchpoint: str, transaction: str | None = None) -> None:
        said = {"event": "met", "touchpoint": touchpoint, "transaction": transaction, **self._way()}
        self._post("interactions", {"interactions": [said]})

    def trigger(self, touchpoint: str, transaction: str | None = None) -> None:
        said = {"touchpoint": touchpoint, "transaction": transaction, **self._way()}
        self._post("triggers", {"triggers": [said]})

    def phoned(self, touchpoint: str, transaction: str) -> None:
        said = {"touchpoint": touchpoint, "transaction": transaction, "channel": "phone", **self._way()}
        self._post("responses", {"responses": [said | {"answers": {"score": 9}}]})

    def _way(self) -> dict[str, Any]:
        at = clock.iso(self.time())
        return {"journey": JOURNEY, "customer": "c-1", "journey_instance": "way-1", "occurred_at": at}

    def _post(self, what: str, body: dict[str, Any]) -> None:
        answer = self.client.post(f"/api/v1/{what}", json=body, headers=self.keys["server"])
        assert answer.status_code < 300, answer.text


def visits(session: Session, company: Any) -> list[str]:
    ids = ["way-1"]
    ways = list(walks.read(session, company.workspace_id, JOURNEY, ids))
    return [visit.step for way in ways for visit in way]


def test_an_answer_on_the_phone_and_the_call_itself_are_one_visit(
    client: FlaskClient, session: Session, company: Any, keys: dict[str, Any], time: clock.FixedClock
) -> None:
    way = Way(client, keys, time)
    way.event("order-confirmed", "order-1")
    time.move(hours=3)
    way.phoned("order-confirmed", "order-1")
    assert visits(session, company) == ["order-confirmed"]


def test_two_calls_are_two_visits(
    client: FlaskClient, session: Session, company: Any, keys: dict[str, Any], time: clock.FixedClock
) -> None:
    way = Way(client, keys, time)
    way.event("order-confirmed", "order-1")
    time.move(hours=3)
    way.phoned("order-confirmed", "order-2")
    assert visits(session, company) == ["order-confirmed", "order-confirmed"]


def test_a_trigger_of_the_same_transaction_is_no_second_visit_however_late(
    client: FlaskClient, session: Session, company: Any, keys: dict[str, Any], time: clock.FixedClock
) -> None:
    way = Way(client, keys, time)
    way.event("order-confirmed", "order-1")
    time.move(hours=2)
    way.trigger("order-confirmed", "order-1")
    assert visits(session, company) == ["order-confirmed"]


def test_waits_are_read_from_triggers_too(
    client: FlaskClient, session: Session, company: Any, keys: dict[str, Any], time: clock.FixedClock
) -> None:
    pair = ("order-confirmed", "installed")
    begun = time()
    for number in range(5):
        for touchpoint, day in zip(pair, (0, 7), strict=True):
            said = {
                "touchpoint": touchpoint,
                "journey": JOURNEY,
                "customer": f"c-{number}",
                "journey_instance": f"way-{number}",
                "occurred_at": clock.iso(begun - timedelta(days=8 - day)),
            }
            answer = client.post("/api/v1/triggers", json={"triggers": [said]}, headers=keys["server"])
            assert answer.status_code == 200, answer.text
    session.expire_all()
    assert session.query(JourneyInstance).count() == 5
    found = between(
        session, company.workspace_id, JOURNEY, begun - timedelta(days=30), begun + timedelta(1), [pair]
    )
    assert (found[pair].median, found[pair].n) == (timedelta(days=7), 5)
