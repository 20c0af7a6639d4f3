"""Rows of erased customers: what they said before they were erased is passed over, so that no file brings them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from collector import workspaces
from collector.exchange.converting import Answer, Converter, Refusal
from collector.exchange.reading import Row
from collector.interactions import tombstones

REASON = "erased_since"
LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When a row without a time is taken to be from: it may be from before the erasure."""

Outcome = Answer | Refusal


def of_the_living(
    session: Session,
    workspace: workspaces.Company,
    converter: Converter,
    outcomes: Sequence[tuple[Row, Outcome]],
) -> list[tuple[Row, Outcome]]:
    """The same, where answers and rows to be placed by hand are refused if their customer was erased since."""
    acts = [(_whose(workspace, converter, row), _when(outcome)) for row, outcome in outcomes]
    gone = tombstones.erased_since(session, workspace.workspace_id, acts)
    return [
        (row, Refusal(outcome.number, outcome.row_id, REASON, foreseen=True) if act in gone else outcome)
        for (row, outcome), act in zip(outcomes, acts, strict=True)
    ]


def _whose(workspace: workspaces.Company, converter: Converter, row: Row) -> str | None:
    customer = converter.customer(row)
    return workspaces.pseudonym_of(workspace, customer) if customer else None


def _when(outcome: Outcome) -> datetime:
    return outcome.occurred_at if isinstance(outcome, Answer) else LONG_AGO
