"""``bring("delighted", ["people.json"], touchpoint="helpline")``: a move as the command line makes it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector import clock, db
from collector.exchange import console, tools

FILES = Path(__file__).parent / "files"
SURVEY = {"key": "helpline-csat", "template": "csat", "touchpoint": "helpline", "subject": "our helpline"}
Bring = Callable[..., Any]


@pytest.fixture
def bring(engine: Engine, session: Session, clinic: Any, time: clock.FixedClock) -> Bring:
    """The report as JSON; ``code`` is the exit code that is expected, ``said`` what was written for errors."""
    workspace_id = clinic.workspace_id

    def run(tool: str, names: Sequence[str | Path], dry_run: bool = False, code: int = 0, **said: Any) -> Any:
        if session.in_transaction():
            session.rollback()  # what the test has read so far would keep SQLite's writer out
        out, err = io.StringIO(), io.StringIO()
        paths = [FILES / tool / name for name in names]
        choices = tools.Choices(**{"touchpoint": "helpline", **said})
        source = console.moved(workspace_id, tool, paths, choices, time())
        done = console.Import(dry_run, as_json=True, out=out, err=err).run(db.make_sessions(engine), source)
        assert done == code, err.getvalue() + out.getvalue()
        return json.loads(out.getvalue()) if out.getvalue() else err.getvalue()

    return run


@pytest.fixture
def decide(client: FlaskClient, session: Session, clinic: Any, keys: Any) -> Callable[[str], str]:
    """The reason of the decision about a customer at the helpline."""
    applied = client.post("/api/v1/surveys/apply", json={"surveys": [SURVEY]}, headers=keys["admin"])
    assert applied.status_code == 200, applied.text

    def call(customer: str) -> str:
        session.rollback()
        item = {"touchpoint": "helpline", "customer": customer}
        answer = client.post("/api/v1/triggers", json={"triggers": [item]}, headers=keys["server"])
        return str(answer.json["decisions"][0]["reason"])

    return call
