"""Import and export for the command line: files in and out, a bar while it runs, a report, an exit code."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TextIO

from sqlalchemy.orm import Session, sessionmaker

from collector import db, workspaces
from collector.errors import AfterwordError
from collector.exchange import actions, describing, mapping, memory, outcome_files, tools, workbooks, writing
from collector.exchange.progress import Progress
from collector.exchange.reading import Read

BY = "command line"
DONE, STOPPED, REJECTED = 0, 1, 3
"""Exit codes: all rows are in or were set aside as the mapping says; nothing (more) was read; some rows were bad."""


class Taken(Protocol):
    """What became of the rows so far."""

    @property
    def rows(self) -> int: ...
    @property
    def rejected(self) -> int: ...
    def lines(self) -> Iterable[str]: ...
    def as_json(self) -> Any: ...


@dataclass(frozen=True)
class Source:
    """Files, and what takes their rows in batch by batch; it tells how many bytes it has read."""

    paths: Sequence[Path]
    batches: Callable[[Session, Read], Iterator[Taken]]


@dataclass(frozen=True)
class Import:
    """How an import is run and told: ``dry_run`` takes all back; ``out`` gets the report, ``err`` the bar and errors."""

    dry_run: bool = False
    as_json: bool = False
    out: TextIO | None = None
    err: TextIO | None = None

    def run(self, sessions: sessionmaker[Session], source: Source) -> int:
        """Take files in, committing batch by batch; the exit code."""
        out, err = self.out or sys.stdout, self.err or sys.stderr
        taken: Taken | None = None
        try:
            bar = Progress(err, sum(path.stat().st_size for path in source.paths))
            with sessions() as session:
                for taken in source.batches(session, bar.at):
                    session.flush() if self.dry_run else session.commit()
                    bar.draw(f"{taken.rows:,} rows")
                session.rollback()  # what a dry run did
        except (OSError, AfterwordError) as error:
            err.write(f"{error}\n{self._left_by(taken)}\n")
            return STOPPED
        assert taken is not None, "each import reports at its end"
        bar.draw(f"{taken.rows:,} rows", last=True)
        out.write(self._report(taken) + "\n")
        return REJECTED if taken.rejected else DONE

    def _report(self, taken: Taken) -> str:
        if self.as_json:
            return json.dumps(taken.as_json(), ensure_ascii=False)
        return "\n".join([*taken.lines(), *(["Nothing was changed (--dry-run)."] if self.dry_run else [])])

    def _left_by(self, taken: Taken | None) -> str:
        if taken is None or not taken.rows or self.dry_run:
            return "Nothing was imported."
        return f"{taken.rows:,} rows were read before that and stay; mend the file and import it again."


def responses(
    workspace_id: uuid.UUID, path: Path, mapping_path: Path, now: datetime, sheet: str | None = None
) -> Source:
    """Responses from a file, as a mapping says; ``sheet`` is read instead of the one that it names."""

    def batches(session: Session, read: Read) -> Iterator[Taken]:
        file = mapping.load(mapping_path.read_bytes(), str(mapping_path))
        if named := workbooks.chosen(path, sheet):
            told = replace(file.mapping, source=replace(file.mapping.source, sheet=named))
            file = replace(file, mapping=told)
        workspace = workspaces.get(session, workspace_id)
        actions.check(session, workspace_id, path, file)
        yield from actions.import_responses(session, workspace, path, file, BY, now, read)

    return Source([path], batches)


def remembered(workspace_id: uuid.UUID, path: Path, now: datetime, sheet: str | None = None) -> Source:
    """Objections, consents, bounces and asks of an older system."""

    def batches(session: Session, read: Read) -> Iterator[Taken]:
        return memory.import_file(session, workspaces.get(session, workspace_id), path, now, read, sheet)

    return Source([path], batches)


def figures(
    workspace_id: uuid.UUID, kind: str, path: Path, now: datetime, sheet: str | None = None
) -> Source:
    """Outcomes or KPI values (``outcome_files.KINDS``)."""

    def batches(session: Session, read: Read) -> Iterator[Taken]:
        company, chosen = workspaces.facts(session, workspace_id), outcome_files.KINDS[kind]
        return outcome_files.import_file(session, company, chosen, path, BY, now, read, sheet)

    return Source([path], batches)


def moved(
    workspace_id: uuid.UUID, tool: str, paths: Sequence[Path], said: tools.Choices, now: datetime
) -> Source:
    """All that a tool's own files hold."""

    def batches(session: Session, read: Read) -> Iterator[Taken]:
        workspace = workspaces.get(session, workspace_id)
        return tools.move(tools.Move(session, workspace, tools.tool(tool), said, BY, now, read), paths)

    return Source(paths, batches)


def describe_file(
    path: Path, sheet: str | None = None, out: TextIO | None = None, err: TextIO | None = None
) -> int:
    """Propose a mapping for a file; the exit code."""
    out, err = out or sys.stdout, err or sys.stderr
    try:
        out.write("".join(f"{line}\n" for line in describing.lines(describing.describe(path, sheet))))
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
