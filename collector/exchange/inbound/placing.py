"""An answer that arrived is placed as one of a file would be: by the tool's description, or by a mapping."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from collector import errors, workspaces, yaml_marks
from collector.exchange import actions, documents, mapping, tools
from collector.exchange.models import Inbound
from collector.exchange.reading import Row
from collector.exchange.report import Report
from collector.exchange.tools.looking import look
from collector.exchange.tools.preparing import CUSTOMER, Preparer

STANDARD = "standard"


@dataclass(frozen=True)
class Placing:
    """What became of one answer: None as ``why`` where it stands."""

    why: str | None
    customer: str | None


def place(
    session: Session, workspace: workspaces.Workspace, row: Inbound, item: Mapping[str, Any], now: datetime
) -> Placing:
    """Place an answer, or say what is missing; then nothing of it stands."""
    with tempfile.TemporaryDirectory() as folder, session.begin_nested() as work:
        customer, why = None, None
        try:
            path = _written(Path(folder), item)
            customer = _customer(workspace, row, path, item)
            why = _missing(session, workspace, row, path, item, now)
        except (errors.AfterwordError, yaml_marks.FileError) as error:
            why = str(error)[:300]
        if why is not None:
            work.rollback()
    return Placing(why, workspaces.pseudonym_of(workspace, customer) if customer else None)


def choices(row: Inbound) -> tools.Choices:
    """What was said about the tool's questions when the address was made."""
    said = row.said
    return tools.Choices(
        touchpoint=said.get("touchpoint") or None,
        questions=tools.choices.questions(said.get("questions", ())),
        comment=said.get("comment") or None,
        customer=said.get("customer") or None,
        attributes=said.get("attributes", ()),
    )


def _written(folder: Path, item: Mapping[str, Any]) -> Path:
    """The answer as a file of that tool: a list of one."""
    path = folder / "arrival.json"
    path.write_text(json.dumps([item]), "utf-8")
    return path


def _customer(
    workspace: workspaces.Workspace, row: Inbound, path: Path, item: Mapping[str, Any]
) -> str | None:
    """Whose answer it is, also where it cannot be placed: by this erasure finds it."""
    if row.tool == STANDARD:
        field = _plan(row).fields.get("customer")
        return documents.columns(item).get(field.column or "") if field else None
    seen = look(tools.tool(row.tool), path)
    who = (Preparer(seen, choices(row), workspace.timezone).who(each) for each in seen.rows())
    return next((found[CUSTOMER] for found in who if found[CUSTOMER]), None)


def _missing(
    session: Session, workspace: workspaces.Workspace, row: Inbound, path: Path, item: Mapping[str, Any], now: datetime
) -> str | None:  # fmt: skip
    """Take it; None where it stands now, else why it does not."""
    if row.tool == STANDARD:
        plan = _plan(row)
        columns = dict.fromkeys(plan.columns, "") | documents.columns(item, plan.source.lists)
        *_, report = actions.take_rows(
            session, workspace, row.name, iter([Row(1, columns)]), plan, row.name, now
        )
        reports = [report]
    else:
        means = tools.Move(session, workspace, tools.tool(row.tool), choices(row), row.name, now)
        *_, moved = tools.move(means, [path])
        reports = [placed.report for file in moved.files for placed in file.questions]
    return None if any(map(_stands, reports)) else _why(reports)


def _plan(row: Inbound) -> mapping.ResponseMapping:
    return mapping.load(row.mapping or "", "mapping").mapping


def _stands(report: Report) -> bool:
    return report.accepted + report.duplicates.count > 0


def _why(reports: list[Report]) -> str:
    reasons = {reason for report in reports for reason in (*report.quarantined, *report.skipped)}
    return (
        ", ".join(sorted(reasons)).replace("_", " ")[:300] or "it holds no answer to a question that is known"
    )
