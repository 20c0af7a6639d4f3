"""A move that is made twice at the same moment, or killed in the middle and begun again, takes each answer once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from collector.exchange import actions
from collector.exchange.models import ImportRun
from collector.invitations import Invitation
from collector.responses import Response

ROWS, BATCH = 160, 50
"""More than three batches."""
KILLED = """
import os, signal, sys, uuid
from datetime import UTC, datetime
from pathlib import Path
from collector import db, workspaces
from collector.exchange import actions, tools
actions.BATCH = 50
url, workspace_id, path = sys.argv[1:]
with db.make_sessions(db.make_engine(url))() as session:
    workspace = workspaces.get(session, uuid.UUID(workspace_id))
    now = datetime(2026, 11, 2, 10, tzinfo=UTC)
    means = tools.Move(session, workspace, tools.tool("limesurvey"), tools.Choices(touchpoint="helpline"), "test", now)
    batches = tools.move(means, [Path(path)])
    next(batches), session.commit(), next(batches)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(actions, "BATCH", BATCH)
    lines = (f"{n},2026-10-{1 + n % 28:02} 10:00:00,t{n},{n % 11},c-{n}\n" for n in range(1, ROWS + 1))
    path = tmp_path / "results.csv"
    path.write_text("id,submitdate,token,NPS,customer_id\n" + "".join(lines))
    return path


def counted(session: Session, table: Any) -> int:
    session.rollback()
    found = session.scalar(select(func.count()).select_from(table)) or 0
    session.rollback()
    return found


def test_the_same_move_twice_at_once_takes_each_answer_once(
    bring: Any, results: Path, session: Session
) -> None:
    reports: list[Any] = []
    session.rollback()
    threads = [
        threading.Thread(target=lambda: reports.append(bring("limesurvey", [results]))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    told = [file["questions"][0]["report"] for report in reports for file in report["files"]]
    assert len(told) == 2
    assert sum(report["accepted"] for report in told) == ROWS
    assert sum(report["duplicates"]["count"] for report in told) == ROWS
    assert (counted(session, Response), counted(session, Invitation)) == (ROWS, ROWS)


def test_a_killed_move_is_begun_again(
    bring: Any, results: Path, session: Session, engine: Engine, clinic: Any
) -> None:
    url, workspace_id = engine.url.render_as_string(hide_password=False), str(clinic.workspace_id)
    session.rollback()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, url, workspace_id, str(results)], timeout=200, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert counted(session, Response) == BATCH
    (placed,) = bring("limesurvey", [results])["files"][0]["questions"]
    assert (placed["report"]["accepted"], placed["report"]["duplicates"]["count"]) == (ROWS - BATCH, BATCH)
    assert counted(session, Response) == ROWS
    assert counted(session, ImportRun) == 2
