"""A signal on its pages: in words, marked as known, and as an insight in one click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import insights
from collector.dashboard import signal_page
from collector.insights import Insight
from collector.signals import Signal

GOOD, BAD = [9, 10, 9, 8, 3], [2, 9, 4, 3, 1]


def test_it_becomes_an_insight_with_its_figures_once(
    say: Any, work: Any, told: Callable[..., list[Signal]], session: Session, company: Any, time: Any
) -> None:
    say(GOOD * 30)
    time.move(days=1)
    say(BAD * 6)
    work()
    (signal,) = told()
    kept = insights.evidence.of_signal(session, company.workspace_id, signal)
    assert kept is not None
    assert (kept["kind"], kept["signal_id"], kept["metric"]) == ("signal", str(signal.signal_id), "nps")
    assert kept["estimate"] < kept["shrunken"] < 0, (
        "the first day was chosen because it shows most from there"
    )
    assert kept["low"] < kept["shrunken"] <= kept["high"]
    thought = insights.Thought("It falls", "order-confirmed", evidence=kept)
    row = insights.file(session, company.workspace_id, thought, "tests", time())
    assert insights.evidence.restored(row.evidence or {}).falls
    assert row.priority > 0
    assert session.scalars(select(Insight)).all() == [row]


def test_the_calls_tell_it_in_words(client: FlaskClient, keys: Any, say: Any, work: Any) -> None:
    say(GOOD * 30)
    say(BAD * 6)
    work()
    (found,) = client.get("/api/v1/signals?kind=fall", headers=keys["read"]).json["signals"]
    assert found["rule"] == {"name": "fall", "per_year": 0.35}
    assert found["text"].startswith("Unhappy answers at “Order confirmation page” have risen from")
    german = client.get(
        f"/api/v1/signals/{found['signal_id']}", headers={**keys["read"], "Accept-Language": "de"}
    )
    assert "gestiegen" in german.json["text"]
    lines = client.get("/api/v1/exports/signals.csv", headers=keys["read"]).text.splitlines()
    assert len(lines) == 2
    assert found["signal_id"] in lines[1]


def test_its_trend_ends_today(
    say: Any, work: Any, told: Callable[..., list[Signal]], session: Session, company: Any, time: Any
) -> None:
    say(GOOD * 30)
    say(BAD * 6)
    work()
    (signal,) = told()
    page = signal_page.open_signal(session, company.workspace_id, signal.signal_id, "UTC", time())
    assert page.trend[-1].period.last == time().date()
    assert sum(each.figure.n or 0 for each in page.trend) == 180
