"""How many answers each quota cell of a run has; one that is full is asked for no more, and takes no more."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import errors, statements
from collector.communities.runs import audience
from collector.communities.runs.models import RunCell
from collector.communities.runs.running import Run, run_by_key

FULL = "This survey has all the answers it wanted. Thank you!"


def count_answer(
    session: Session, workspace_id: uuid.UUID, key: str | None, attributes: Mapping[str, Any]
) -> None:
    """One more answer in the cell that somebody of these attributes belongs to.

    Raises 410 ``survey_closed`` for the one too many, however many come at once: the write itself decides.
    """
    run = run_by_key(session, workspace_id=workspace_id, key=key) if key else None
    cell = audience.cell_of(run, attributes) if run and run.cells else None
    if run is None or cell is None:
        return
    statements.insert_new(session, RunCell(workspace_id=workspace_id, run=run.key, cell=cell, answered=0))
    mine = RunCell.workspace_id == workspace_id, RunCell.run == run.key, RunCell.cell == cell
    more = update(RunCell).where(*mine, RunCell.answered < run.cells["quotas"][cell])
    more = more.values(answered=RunCell.answered + 1).returning(RunCell.answered)
    if session.execute(more.execution_options(synchronize_session=False)).first() is None:
        raise errors.Gone(FULL, "survey_closed")


def check_place(
    session: Session, workspace_id: uuid.UUID, key: str | None, attributes: Mapping[str, Any]
) -> None:
    """Raises 410 ``survey_closed`` where somebody of these attributes belongs to a cell that is full."""
    if is_full(session, workspace_id, key, attributes):
        raise errors.Gone(FULL, "survey_closed")


def has_cells(session: Session, workspace_id: uuid.UUID, key: str | None) -> bool:
    """Whether answers of a run are counted by cell."""
    run = run_by_key(session, workspace_id=workspace_id, key=key) if key else None
    return run is not None and bool(run.cells)


def is_full(
    session: Session, workspace_id: uuid.UUID, key: str | None, attributes: Mapping[str, Any]
) -> bool:
    """Whether somebody of these attributes belongs to a cell of a run that has all its answers: nothing more is sent."""
    run = run_by_key(session, workspace_id=workspace_id, key=key) if key else None
    if run is None or not run.cells:
        return False
    return audience.cell_of(run, attributes) in full_cells(session, workspace_id, run)


def full_cells(session: Session, workspace_id: uuid.UUID, run: Run) -> frozenset[str]:
    """The values whose cell has all the answers it wanted."""
    counted = answered(session, workspace_id, run.key)
    return frozenset(cell for cell, most in run.cells["quotas"].items() if counted.get(cell, 0) >= most)


def answered(session: Session, workspace_id: uuid.UUID, run: str) -> dict[str, int]:
    """cell -> its answers."""
    query = select(RunCell.cell, RunCell.answered).where(
        RunCell.workspace_id == workspace_id, RunCell.run == run
    )
    return {row.cell: row.answered for row in session.execute(query)}
