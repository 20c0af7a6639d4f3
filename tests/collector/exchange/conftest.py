"""A workspace of a clinic with three touchpoints, and a way to import a text as a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector import clock, db, journeys
from collector.exchange import console

FILES = Path(__file__).parent / "files"
CLINIC = {
    "touchpoints": [
        {"key": "transport", "name": "Ride to the clinic", "channel": "in_person"},
        {"key": "helpline", "name": "Helpline", "channel": "phone"},
        {"key": "ward", "name": "Ward", "channel": "in_person"},
    ]
}
MAPPING = """\
name: cards
metric: csat
id: id
touchpoint: {column: place}
score: {column: score}
comment: {column: text}
occurred_at: {column: at}
"""


class Imported:
    """What an import said and returned."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def clinic(session: Session, workspace: Any, time: clock.FixedClock) -> Any:
    """The workspace, with its touchpoints applied."""
    journeys.apply(session, workspace.workspace_id, CLINIC, "test", time())
    session.commit()
    return workspace


@pytest.fixture
def import_file(
    engine: Engine, session: Session, clinic: Any, time: clock.FixedClock
) -> Callable[..., Imported]:
    """``import_file(path, mapping_path)`` into the clinic's workspace, as the command line does."""
    workspace_id = clinic.workspace_id

    def run(path: Path, mapping: Path, **options: Any) -> Imported:
        session.rollback()  # what the test has read so far would keep SQLite's writer out
        out, err = io.StringIO(), io.StringIO()
        source = console.responses(workspace_id, path, mapping, time())
        code = console.Import(out=out, err=err, **options).run(db.make_sessions(engine), source)
        return Imported(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def import_text(import_file: Callable[..., Imported], tmp_path: Path) -> Callable[..., Imported]:
    """``import_text("id,place,...", mapping="...", name="cards.csv")``."""

    def run(text: str | bytes, mapping: str = MAPPING, name: str = "cards.csv", **options: Any) -> Imported:
        path, mapping_path = tmp_path / name, tmp_path / "mapping.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        mapping_path.write_text(mapping, encoding="utf-8")
        return import_file(path, mapping_path, **options)

    return run


@pytest.fixture
def clinic_file() -> tuple[Path, Path]:
    """A feedback file of forty cards, and its mapping."""
    return FILES / "clinic.csv", FILES / "clinic.yaml"
