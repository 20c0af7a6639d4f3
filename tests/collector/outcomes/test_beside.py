"""From answers and outcomes to figures by score band, over the API, on both databases."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Session

from collector import clock, db
from collector.kpis import evenly, rollups
from collector.outcomes import Outcome, beside
from collector.responses import Response

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


@pytest.fixture
def answered(session: Session, trigger: Any, answer: Any, time: clock.FixedClock) -> Response:
    """One answer at the touchpoint, as a pattern for many."""
    answer(trigger(customer="c-1")["invitation"]["token"], score=9, complete=True)
    row = session.scalars(select(Response)).one()
    session.commit()
    return row


def many(session: Session, pattern: Response, said: list[tuple[str, datetime, int]]) -> None:
    """So many answers instead, as (customer, when, score), each with an outcome five days later; counted."""
    same = {column.name: getattr(pattern, column.name) for column in Response.__table__.columns}
    answers, outcomes = [], []
    for n, (customer, at, score) in enumerate(said):
        own = {
            "response_id": clock.new_id(),
            "customer": customer,
            "occurred_at": at,
            "day": at.date(),
            "score": score,
        }
        answers.append({**same, **own, "invitation_id": None, "counted_at": None})
        later = at + timedelta(days=5)
        outcomes.append(
            {
                "workspace_id": pattern.workspace_id, "key": f"o-{n}", "kind": "churn", "customer": customer,
                "amount": 10_000 * (n % 3 == 0), "occurred_at": later, "received_at": later,
            }
        )  # fmt: skip
    session.execute(delete(Response))
    session.execute(insert(Response), answers)
    session.execute(insert(Outcome), outcomes)
    while rollups.count(session, datetime(2028, 1, 1, tzinfo=UTC)):
        pass
    session.commit()


def bands(session: Session, workspace_id: uuid.UUID) -> dict[str, int]:
    lines = beside.lines(session, workspace_id, ["order-confirmed"], 2026)
    return {figure.band: figure.n for line in lines for figure in line.bands}


def test_the_first_answer_of_the_year_counts_where_some_are_read_as_well(
    session: Session, answered: Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred were unhappy first and happy half a year later: of none of them the second answer counts."""
    begin = datetime(2026, 1, 5, tzinfo=UTC)
    said = [(f"c-{n}", begin + timedelta(days=1.1 * n), 0) for n in range(100)]
    said += [(customer, at + timedelta(days=180), 10) for customer, at, _ in said]
    many(session, answered, said)
    assert bands(session, answered.workspace_id) == {"bottom": 100, "middle": 0, "top": 0}
    monkeypatch.setattr(beside, "MOST", 100)
    some = bands(session, answered.workspace_id)
    assert 30 <= some["bottom"] < 100
    assert some["top"] == 0


def test_where_all_answered_within_a_moment_all_are_read(
    session: Session, answered: Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "MOST", 20)
    for day in (3, 200):
        at = datetime(2026, 1, 1, 6, tzinfo=UTC) + timedelta(days=day)
        session.execute(delete(Outcome))
        many(session, answered, [(f"c-{n}", at + timedelta(seconds=n), 0) for n in range(100)])
        assert bands(session, answered.workspace_id)["bottom"] == 100
