"""Letting go by two workers at once, and by one that dies on the way: each row goes once and is recorded once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from collector import clock, db, workspaces
from collector.changes import Change
from collector.changes import retention as changes
from collector.erasure import retention
from collector.interactions import Interaction
from collector.jobs import Job
from collector.kpis import Rollup, rollups
from collector.outcomes import Outcome
from collector.responses import Response
from collector.service.worker import rounds, run_job

KEPT = {"keep_comments": 30, "keep_interactions": 90, "keep_outcomes": 90, "keep_record": 90}
OLD, WORDED = 7, 5
LETS_GO = Job("let go of what is kept no longer", 3600, retention.let_go, retention.are_old)
KILLED = """
import os, signal, sys
from datetime import datetime
from collector import changes, db
from collector.erasure import retention
changes.retention.let_go = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with db.make_sessions(db.make_engine(sys.argv[1])).begin() as session:
    retention.let_go(session, datetime.fromisoformat(sys.argv[2]))
"""


@pytest.fixture
def old(
    session: Session,
    company: workspaces.Workspace,
    client: Any,
    keys: Any,
    trigger: Callable[..., Any],
    answer: Callable[..., Any],
    time: clock.FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Old answers, younger ones whose words are old, old steps and outcomes; two at a time go."""
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    monkeypatch.setattr(changes, "BATCH", 2)

    def say(n: int) -> None:
        answer(trigger()["invitation"]["token"], score=n % 11, comment=f"words {n}", complete=True)

    for n in range(OLD):
        say(n)
        step = {"touchpoint": "installed", "journey": "first-order", "customer": f"c-{n}"}
        client.post("/api/v1/interactions", json={"interactions": [step]}, headers=keys["server"])
        outcome = {"key": f"crm-{n}", "kind": "churn", "customer": f"c-{n}"}
        client.put("/api/v1/outcomes", json={"outcomes": [outcome]}, headers=keys["server"])
    time.move(days=60)
    for n in range(WORDED):
        say(n)
    rollups.count(session, time.move(minutes=5))
    time.move(days=40)
    workspaces.company.change(session, company.workspace_id, KEPT, "tests", time())
    session.commit()


def standing(session: Session) -> dict[str, int]:
    session.rollback()
    worded = select(func.count()).select_from(Response).where(Response.comment.is_not(None))
    found = {"comments": session.scalar(worded) or 0}
    for table in (Response, Interaction, Outcome):
        found[table.__tablename__] = session.scalar(select(func.count()).select_from(table)) or 0
    found["counted"] = int(session.scalar(select(func.sum(Rollup.n))) or 0)
    session.rollback()
    return found


def recorded(session: Session) -> Counter[str]:
    """How many of each kind the record says went."""
    told: Counter[str] = Counter()
    for row in session.scalars(select(Change).where(Change.actor == retention.ACTOR)):
        told[row.noun] += (row.after or {}).get("rows", (row.after or {}).get("answers", 0))
    session.rollback()
    return told


GONE = {"comments": 0, "response": WORDED, "interaction": 0, "outcome": 0, "counted": WORDED}


def test_two_workers_let_each_row_go_once(
    old: None, session: Session, engine: Engine, time: clock.FixedClock
) -> None:
    """Without old answers: for these a worker holds the rollup, and is alone anyway."""
    failed: list[Exception] = []
    start = threading.Barrier(2)

    def work() -> None:
        start.wait(60)
        try:
            run_job(LETS_GO, db.make_sessions(engine), time)
        except Exception as error:
            failed.append(error)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert failed == []
    assert standing(session) == GONE | {"response": OLD + WORDED, "counted": OLD + WORDED}
    told = recorded(session)
    del told["record"]
    assert told == {"comment": OLD + WORDED, "interaction": OLD, "outcome": OLD}


def test_a_round_that_dies_takes_nothing_and_the_next_takes_it(
    old: None, session: Session, engine: Engine, time: clock.FixedClock, company: workspaces.Workspace
) -> None:
    workspaces.company.change(session, company.workspace_id, {"keep_answers": 60}, "tests", time())
    session.commit()
    before = standing(session)
    url = engine.url.render_as_string(hide_password=False)
    done = subprocess.run([sys.executable, "-c", KILLED, url, time().isoformat()], timeout=200, check=False)
    assert done.returncode == -signal.SIGKILL
    assert standing(session) == before
    assert not recorded(session)
    assert sum(rounds(LETS_GO, db.make_sessions(engine), time)) > 0
    assert standing(session) == GONE
