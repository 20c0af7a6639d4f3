"""Import and export for the command line: files in and out, a bar while it runs, a report, an exit code."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from sqlalchemy.orm import Session, sessionmaker

from collector import db, workspaces
from collector.errors import AfterwordError
from collector.exchange import actions, describing, mapping, memory, outcome_files, tools, writing
from collector.exchange.progress import Progress
from collector.exchange.report import Report

DONE, STOPPED, REJECTED = 0, 1, 3
"""Exit codes: all rows are in or were set aside as the mapping says; nothing (more) was read; some rows were bad."""


def import_file(
    sessions: sessionmaker[Session],
    workspace_id: uuid.UUID,
    path: Path,
    mapping_path: Path,
    now: datetime,
    out: TextIO | None = None,
    err: TextIO | None = None,
    as_json: bool = False,
) -> int:
    """Import responses from a file, committing batch by batch; the exit code."""
    out, err = out or sys.stdout, err or sys.stderr
    report = Report()
    try:
        file = mapping.load(mapping_path.read_bytes(), str(mapping_path))
        bar = Progress(err, path.stat().st_size)
        with sessions() as session:
            workspace = workspaces.get(session, workspace_id)
            actions.check(session, workspace_id, path, file)
            for report in actions.import_responses(
                session, workspace, path, file, "command line", now, bar.at
            ):
                session.commit()
                bar.draw(f"{report.rows:,} rows, {report.accepted:,} accepted")
        bar.draw(f"{report.rows:,} rows, {report.accepted:,} accepted", last=True)
    except (OSError, AfterwordError) as error:
        _stopped(error, report, err)
        return STOPPED
    out.write(
        json.dumps(report.as_json(), ensure_ascii=False) + "\n"
        if as_json
        else "\n".join(report.lines()) + "\n"
    )
    return REJECTED if report.rejected else DONE


def import_memory(
    sessions: sessionmaker[Session],
    workspace_id: uuid.UUID,
    path: Path,
    now: datetime,
    dry_run: bool = False,
    out: TextIO | None = None,
    err: TextIO | None = None,
    as_json: bool = False,
) -> int:
    """Import objections, consents, bounces and asks of an older system; with ``dry_run`` all is taken back."""
    out, err = out or sys.stdout, err or sys.stderr
    report = memory.MemoryReport()
    try:
        bar = Progress(err, path.stat().st_size)
        with sessions() as session:
            workspace = workspaces.get(session, workspace_id)
            for report in memory.import_file(session, workspace, path, now, bar.at):
                session.flush() if dry_run else session.commit()
                bar.draw(f"{report.rows:,} rows")
            session.rollback()  # what a dry run did
    except (OSError, AfterwordError) as error:
        err.write(f"{error}\n")
        return STOPPED
    lines = [*report.lines(), *(["Nothing was changed (--dry-run)."] if dry_run else [])]
    out.write(json.dumps(report.as_json()) + "\n" if as_json else "\n".join(lines) + "\n")
    return REJECTED if report.refused else DONE


def import_outcomes(
    sessions: sessionmaker[Session],
    workspace_id: uuid.UUID,
    kind: str,
    path: Path,
    now: datetime,
    dry_run: bool = False,
    out: TextIO | None = None,
    err: TextIO | None = None,
    as_json: bool = False,
) -> int:
    """Import outcomes or KPI values (``outcome_files.KINDS``); with ``dry_run`` all is taken back."""
    out, err = out or sys.stdout, err or sys.stderr
    report = outcome_files.TakenReport()
    try:
        bar = Progress(err, path.stat().st_size)
        with sessions() as session:
            company, chosen = workspaces.facts(session, workspace_id), outcome_files.KINDS[kind]
            for report in outcome_files.import_file(
                session, company, chosen, path, "command line", now, bar.at
            ):
                session.flush() if dry_run else session.commit()
                bar.draw(f"{report.rows:,} rows")
            session.rollback()  # what a dry run did
    except (OSError, AfterwordError) as error:
        err.write(f"{error}\n")
        return STOPPED
    lines = [*report.lines(), *(["Nothing was changed (--dry-run)."] if dry_run else [])]
    out.write(json.dumps(report.as_json()) + "\n" if as_json else "\n".join(lines) + "\n")
    return REJECTED if report.refused else DONE


def import_from(
    sessions: sessionmaker[Session],
    workspace_id: uuid.UUID,
    tool: str,
    paths: Sequence[Path],
    said: tools.Choices,
    now: datetime,
    dry_run: bool = False,
    out: TextIO | None = None,
    err: TextIO | None = None,
    as_json: bool = False,
) -> int:
    """Move in from a tool with its own files, committing batch by batch; with ``dry_run`` all is taken back."""
    out, err = out or sys.stdout, err or sys.stderr
    try:
        bar = Progress(err, sum(path.stat().st_size for path in paths))
        with sessions() as session:
            workspace = workspaces.get(session, workspace_id)
            means = tools.Move(session, workspace, tools.tool(tool), said, "command line", now, bar.at)
            for moved in tools.move(means, paths):
                session.flush() if dry_run else session.commit()
                bar.draw(f"{moved.rows:,} answers and facts")
            session.rollback()  # what a dry run did
    except (OSError, AfterwordError) as error:
        err.write(f"{error}\n")
        return STOPPED
    lines = [*moved.lines(), *(["Nothing was changed (--dry-run)."] if dry_run else [])]
    out.write((json.dumps(moved.as_json(), ensure_ascii=False) if as_json else "\n".join(lines)) + "\n")
    return REJECTED if moved.rejected else DONE


def describe_file(path: Path, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Propose a mapping for a file; the exit code."""
    out, err = out or sys.stdout, err or sys.stderr
    try:
        out.write("".join(f"{line}\n" for line in describing.lines(describing.describe(path))))
    except (OSError, AfterwordError) as error:
        err.write(f"{error}\n")
        return STOPPED
    return DONE


def export_file(
    sessions: sessionmaker[Session],
    workspace_id: uuid.UUID,
    target: str,
    form: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    err: TextIO | None = None,
    excel: str | None = None,
) -> int:
    """Export responses into a file (``-``: standard output); the exit code. A file appears only when it is whole.

    ``excel``: the language whose marks a spreadsheet expects.
    """
    err, style = err or sys.stderr, writing.excel(excel) if excel else writing.PLAIN
    form = form or ("jsonl" if Path(target).suffix in {".jsonl", ".ndjson"} else "csv")
    try:
        with sessions() as session:
            db.read_only(workspaces.sight.bind(session, workspaces.sight.Sight(workspace_id)))
            bar = Progress(err, writing.count_responses(session, workspace_id, since, until))
            _into(target, lambda file: _export(session, workspace_id, file, form, since, until, bar, style))
    except (
        BrokenPipeError
    ):  # the reader (head, less) has seen enough; Python must not write there again at its exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, AfterwordError) as error:
        err.write(f"{error}\n")
        return STOPPED
    return DONE


def _export(
    session: Session,
    workspace_id: uuid.UUID,
    file: TextIO,
    form: str,
    since: datetime | None,
    until: datetime | None,
    bar: Progress,
    style: writing.Style,
) -> None:
    for written in writing.export_responses(session, workspace_id, file, form, since, until, style=style):
        bar.at(written)
        bar.draw(f"{written:,} responses")
    bar.draw(f"{bar.done:,} responses", last=True)


def _into(target: str, write: Callable[[TextIO], None]) -> None:
    if target == "-":
        write(sys.stdout)
        return
    part = Path(target + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            write(file)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def _stopped(error: Exception, report: Report, err: TextIO) -> None:
    err.write(f"{error}\n")
    if report.rows:
        err.write(
            f"{report.rows:,} rows were read before that and stay; mend the file and import it again.\n"
        )
    else:
        err.write("Nothing was imported.\n")
