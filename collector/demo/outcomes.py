"""What became of the sample's customers: the unhappy leave more often, and faults cost; some outcomes are of strangers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from collector import outcomes, signing
from collector.demo import comments

CHURN = {"bad": 0.24, "mixed": 0.1, "good": 0.04}
"""Mood of an answer -> the share of such customers who leave."""
COST = {"technician-visit": 68.0, "repair-closed": 12.5, "line-activated": 9.0}
AFTER = timedelta(days=12)
STRANGERS = 0.03
ELSEWHERE = (
    ("containment", "fault-chat", 38.4, "%", "internal", "Chat platform"),
    ("handling-time", "hotline", 7.6, "min", "internal", "Call centre"),
    ("answered-in-30s", "hotline", 71.0, "%", "benchmark", "Invented telecom monitor"),
)


def give(
    session: Session, workspace_id: uuid.UUID, answers: Sequence[dict[str, Any]], now: datetime, by: str
) -> None:
    """Outcomes of those who answered long enough ago, and last month's figures of other systems."""
    rows = list(_rows(Random(11), workspace_id, answers, now))
    for start in range(0, len(rows), 4000):
        session.execute(insert(outcomes.Outcome), rows[start : start + 4000])
    outcomes.actions.put_kpi_values(session, workspace_id, list(_measured(now)), by, now)


def _rows(
    rng: Random, workspace_id: uuid.UUID, answers: Sequence[dict[str, Any]], now: datetime
) -> Iterator[dict[str, Any]]:
    for number, answer in enumerate(answers):
        at = answer["occurred_at"] + AFTER
        if at > now or answer["score"] is None:
            continue
        mood = comments.band(answer["metric"], answer["score"])
        shared = {
            "workspace_id": workspace_id, "customer": answer["customer"], "touchpoint": "", "journey": answer["journey"],
            "journey_instance": answer["journey_instance"], "occurred_at": at, "received_at": at,
        }  # fmt: skip
        if rng.random() < STRANGERS:
            shared |= {"customer": signing.pseudonym(b"elsewhere", str(number)), "journey_instance": None}
        left = 10_000 if rng.random() < CHURN[mood] else 0
        yield {**shared, "key": f"crm-{number}", "kind": "churn", "amount": left, "unit": ""}
        if cost := COST.get(answer["touchpoint"]):
            amount = round(cost * rng.uniform(0.6, 1.7) * 100) * 100
            place = {"touchpoint": answer["touchpoint"]}
            yield {**shared, **place, "key": f"erp-{number}", "kind": "cost", "amount": amount, "unit": "EUR"}


def _measured(now: datetime) -> Iterator[dict[str, Any]]:
    last = now.date().replace(day=1) - timedelta(days=1)
    for kpi, touchpoint, value, unit, kind, source in ELSEWHERE:
        yield {
            "kpi": kpi, "touchpoint": touchpoint, "kind": kind, "since": last.replace(day=1), "until": last, "value": value,
            "n": None, "unit": unit, "source": source, "dated": last if kind == "benchmark" else None,
        }  # fmt: skip
