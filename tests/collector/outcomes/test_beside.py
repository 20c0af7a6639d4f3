"""From answers and outcomes to figures by score band, over the API, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine

from collector import clock, db
from collector.kpis import evenly, rollups
from collector.outcomes import beside

Headers = dict[str, dict[str, str]]


def test_req_034_churn_by_score_band(
    client: FlaskClient, trigger: Any, answer: Any, keys: Headers, time: clock.FixedClock
) -> None:
    """Seven unhappy (four left), five happy (none left), three who left and were never asked."""
    customers = [(f"u-{n}", 2, n < 4) for n in range(7)] + [(f"h-{n}", 10, False) for n in range(5)]
    for customer, score, _left in customers:
        answer(trigger(customer=customer)["invitation"]["token"], score=score, complete=True)
    time.move(days=2)
    outcomes: list[dict[str, Any]] = [
        {"key": f"crm-{customer}", "kind": "churn", "customer": customer, "value": left}
        for customer, _score, left in customers
    ]
    outcomes += [{"key": f"crm-s-{n}", "kind": "churn", "customer": f"s-{n}"} for n in range(3)]
    for outcome in outcomes:
        put = client.put("/api/v1/outcomes", json={"outcomes": [outcome]}, headers=keys["server"])
        assert put.status_code == 200, put.text
        time.move(minutes=1)
    shown = client.get("/api/v1/outcomes/bands?journey=first-order", headers=keys["read"])
    assert shown.json["meaning"] == "associated, not caused"
    (line,) = shown.json["lines"]
    assert (line["touchpoint"], line["metric"], line["kind"], line["unit"]) == (
        "order-confirmed",
        "nps",
        "churn",
        "%",
    )
    bands = {band["band"]: (band["n"], band["value"]) for band in line["bands"]}
    assert bands == {"bottom": (5, 80), "middle": (0, None), "top": (5, 0)}


def test_a_way_finds_its_answer(
    client: FlaskClient, trigger: Any, answer: Any, keys: Headers, time: clock.FixedClock
) -> None:
    """Outcomes that name a way only, whose customer nobody knows, stand beside the answers given on it."""
    for n in range(5):
        answer(
            trigger(customer=None, journey_instance=f"way-{n}")["invitation"]["token"],
            score=10,
            complete=True,
        )
    time.move(days=2)
    outcomes = [
        {"key": f"erp-{n}", "kind": "revenue", "journey_instance": f"way-{n}", "value": n, "currency": "EUR"}
        for n in range(5)
    ]
    client.put("/api/v1/outcomes", json={"outcomes": outcomes}, headers=keys["server"])
    (line,) = client.get("/api/v1/outcomes/bands?journey=first-order", headers=keys["read"]).json["lines"]
    assert {band["band"]: (band["n"], band["value"]) for band in line["bands"]} == {
        "bottom": (0, None), "middle": (0, None), "top": (5, 2),
    }  # fmt: skip


def test_an_unknown_journey_is_told(client: FlaskClient, company: Any, keys: Headers) -> None:
    assert client.get("/api/v1/outcomes/bands?journey=nowhere", headers=keys["read"]).status_code == 404


def test_of_very_many_answers_some_are_read_evenly_over_the_year(
    client: FlaskClient,
    trigger: Any,
    answer: Any,
    keys: Headers,
    time: clock.FixedClock,
    monkeypatch: Any,
    engine: Engine,
) -> None:
    for n in range(60):
        answer(trigger(customer=f"c-{n}")["invitation"]["token"], score=10, complete=True)
        time.move(hours=1)
    outcomes = [{"key": f"crm-{n}", "kind": "churn", "customer": f"c-{n}", "value": n % 2} for n in range(60)]
    put = client.put("/api/v1/outcomes", json={"outcomes": outcomes}, headers=keys["server"])
    assert put.status_code == 200, put.text

    sessions = db.make_sessions(engine)

    def told() -> int:
        (line,) = client.get("/api/v1/outcomes/bands?journey=first-order", headers=keys["read"]).json["lines"]
        return int(sum(band["n"] for band in line["bands"]))

    with sessions.begin() as session:
        while rollups.count(session, time() + timedelta(minutes=1)):
            pass
    assert told() == 60
    monkeypatch.setattr(beside, "MOST", 40)
    monkeypatch.setattr(evenly, "PARTS", 5000)
    assert 15 <= told() <= 45
