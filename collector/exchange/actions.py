"""Verbs: check a mapping against a file and a workspace, import responses, list what is unassigned."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector import clock, db, invitations, journeys, responses, signing, workspaces, yaml_marks
from collector.exchange import living, series
from collector.exchange.converting import Answer, Converter, Known, Refusal
from collector.exchange.file_problem import FileProblem
from collector.exchange.mapping import MappingFile, ResponseMapping
from collector.exchange.models import ImportRun, QuarantinedRow
from collector.exchange.reading import Read, Row, columns, rows
from collector.exchange.report import Report
from collector.responses import Response

BATCH = 500
RECENT = timedelta(days=365)
"""What is older plays no part in any wait or budget."""


def check(session: Session, workspace_id: uuid.UUID, path: Path, file: MappingFile) -> None:
    """Refuse a mapping that speaks of columns that the file, or of keys that the workspace, does not have."""
    known = known_to(session, workspace_id)
    problems = [
        file.document.problem(p, "unknown_key", text) for p, text in _unknown_keys(file.mapping, known)
    ]
    header = columns(path, file.mapping.source)
    if header is not None:
        problems += _column_problems(file, header)
    if problems:
        raise yaml_marks.FileError(problems)


def import_responses(
    session: Session,
    workspace: workspaces.Workspace,
    path: Path,
    file: MappingFile,
    actor: str,
    now: datetime,
    read: Read = lambda _: None,
) -> Iterator[Report]:
    """Import a file in batches; the report after each, so that the caller can commit there.

    A row that stands already is left as it is: the same file twice adds nothing, a broken run is run again.
    """
    stream = rows(path, file.mapping.source, read)
    yield from take_rows(session, workspace, path.name, stream, file.mapping, actor, now)


def take_rows(
    session: Session,
    workspace: workspaces.Workspace,
    filename: str,
    stream: Iterator[Row],
    mapping: ResponseMapping,
    actor: str,
    now: datetime,
) -> Iterator[Report]:
    """The same of rows that were read elsewhere. Two that bring the same source take turns, batch by batch."""
    known = known_to(session, workspace.workspace_id)
    run = _begin(session, workspace.workspace_id, filename, mapping, actor, now)
    masked = responses.masks(session, workspace.workspace_id)
    converter = Converter(mapping, known, now, workspace.timezone)
    job = _Import(session, workspace, mapping, known, run, converter, masked, now)
    while batch := list(islice(stream, BATCH)):
        db.hold(session, "import", workspace.workspace_id, mapping.name)
        job.take(batch)
        yield job.report
    run.finished_at = now
    session.flush()
    yield job.report


def unassigned(session: Session, workspace_id: uuid.UUID, limit: int = 50) -> list[QuarantinedRow]:
    """The rows that no mapping has placed so far, newest first."""
    query = select(QuarantinedRow).where(QuarantinedRow.workspace_id == workspace_id)
    return list(
        session.scalars(
            query.order_by(QuarantinedRow.quarantined_at.desc(), QuarantinedRow.number).limit(limit)
        )
    )


def response_id(workspace_id: uuid.UUID, name: str, row_id: str) -> uuid.UUID:
    """The id that the same row of the same source always gets."""
    return signing.named_id(workspace_id.bytes, b"import", name.encode(), row_id.encode())


@dataclass
class _Import:
    """A running import: what stays the same from batch to batch, and what is counted."""

    session: Session
    workspace: workspaces.Workspace
    mapping: ResponseMapping
    known: Known
    run: ImportRun
    converter: Converter
    masked: bool
    now: datetime
    report: Report = field(default_factory=Report)
    places: dict[str, series.Place] = field(default_factory=dict)

    def take(self, batch: Sequence[Row]) -> None:
        """Convert and store one batch."""
        self.report.rows += len(batch)
        converted = [(row, self.converter.convert(row)) for row in batch]
        outcomes = living.of_the_living(self.session, self.workspace, self.converter, converted)
        self._accept([outcome for _, outcome in outcomes if isinstance(outcome, Answer)])
        refused = [(row, outcome) for row, outcome in outcomes if isinstance(outcome, Refusal)]
        for _, refusal in refused:
            self.report.refuse(refusal)
        self._quarantine([(row, refusal) for row, refusal in refused if refusal.quarantine])
        self._note_counts()
        self.session.flush()

    def _accept(self, answers: Iterable[Answer]) -> None:
        by_id: dict[uuid.UUID, Answer] = {}
        for answer in answers:
            if by_id.setdefault(self._id(answer.row_id), answer) is not answer:
                self.report.duplicates.add(answer.number)
        stands = self._standing(Response.response_id, by_id)
        for key in stands:
            self.report.duplicates.add(by_id[key].number)
        new = {key: answer for key, answer in by_id.items() if key not in stands}
        if new:
            made = [self._response(key, answer) for key, answer in sorted(new.items())]
            self._insert(made)
            self._note_contacts(made)
        self._heal(new)
        self.report.accepted += len(new)

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        """Whoever imports the same rows at the same time has stored what is passed over."""
        self.session.execute(db.insert(self.session, Response).on_conflict_do_nothing(), rows)

    def _note_contacts(self, made: Sequence[Mapping[str, Any]]) -> None:
        """Whoever answered lately was asked lately, wherever that was: their waits begin then."""
        if not self.mapping.counts_as_contact:
            return
        recent = [
            row
            for row in made
            if row["customer"] and row["respondent"] == "customer" and self.now - row["occurred_at"] < RECENT
        ]
        invitations.note_contacts(self.session, recent)

    def _heal(self, accepted: Iterable[uuid.UUID]) -> None:
        """What a better mapping has placed is unassigned no longer."""
        mine = QuarantinedRow.workspace_id == self.workspace.workspace_id
        self.session.execute(delete(QuarantinedRow).where(mine, QuarantinedRow.row_id.in_(list(accepted))))

    def _quarantine(self, refused: Sequence[tuple[Row, Refusal]]) -> None:
        by_id = {self._id(refusal.row_id): (row, refusal) for row, refusal in refused if refusal.row_id}
        stands = self._standing(QuarantinedRow.row_id, by_id)
        self.session.add_all(
            QuarantinedRow(
                workspace_id=self.workspace.workspace_id,
                row_id=key,
                run_id=self.run.run_id,
                name=self.mapping.name,
                number=row.number,
                reason=refusal.reason,
                customer=self._pseudonym(self.converter.customer(row)),
                field=refusal.field,
                value=refusal.value,
                columns=dict(row.columns),
                quarantined_at=self.now,
            )
            for key, (row, refusal) in by_id.items()
            if key not in stands
        )

    def _standing(self, column: Any, ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        table = column.class_
        query = select(column).where(table.workspace_id == self.workspace.workspace_id, column.in_(list(ids)))
        return set(self.session.scalars(query))

    def _response(self, key: uuid.UUID, answer: Answer) -> dict[str, Any]:
        place, fields = self._place(answer.touchpoint), answer.fields
        journey = fields.get("journey")
        tags = {
            "workspace_id": self.workspace.workspace_id,
            "response_id": key,
            "source": "imported",
            "respondent": fields.get("respondent") or "customer",
            "touchpoint": answer.touchpoint,
            "journey": journey,
            "journey_version": self.known.journeys[journey] if journey else None,
            "survey": place.survey,
            "survey_version": place.version,
            "series_id": place.series_id,
            "metric": self.mapping.metric,
            "customer": self._pseudonym(fields.get("customer")),
            "transaction": fields.get("transaction"),
            "channel": fields.get("channel"),
            "persona": fields.get("persona"),
            "attributes": dict(answer.attributes),
            "locale": fields.get("locale"),
        }
        said = {"score": answer.answer, "comment": responses.kept(answer.comment, self.masked)}
        answers = {name: value for name, value in said.items() if value is not None}
        content = responses.content_of(answers, answer.score, fields.get("locale"), True, self.now)
        return responses.columns(tags, content, answer.occurred_at, self.now, self.workspace.timezone)

    def _pseudonym(self, customer: str | None) -> str | None:
        return workspaces.pseudonym_of(self.workspace, customer) if customer else None

    def _place(self, touchpoint: str) -> series.Place:
        if touchpoint not in self.places:
            actor, now = self.run.actor, self.now
            self.places[touchpoint] = series.place(
                self.session, self.workspace.workspace_id, self.mapping, touchpoint, actor, now
            )
            self.report.place(self.places[touchpoint])
        return self.places[touchpoint]

    def _id(self, row_id: str) -> uuid.UUID:
        return response_id(self.workspace.workspace_id, self.mapping.name, row_id)

    def _note_counts(self) -> None:
        report, run = self.report, self.run
        run.accepted, run.duplicates = report.accepted, report.duplicates.count
        run.quarantined = sum(tally.count for tally in report.quarantined.values())
        run.skipped = {reason: tally.count for reason, tally in report.skipped.items()}


def _begin(
    session: Session, workspace_id: uuid.UUID, name: str, mapping: ResponseMapping, actor: str, now: datetime
) -> ImportRun:
    run = ImportRun(
        workspace_id=workspace_id,
        run_id=clock.new_id(),
        name=mapping.name,
        filename=name[:255],
        actor=actor,
        started_at=now,
    )
    session.add(run)
    session.flush()
    return run


def known_to(session: Session, workspace_id: uuid.UUID) -> Known:
    """What rows may name here."""
    known = journeys.existing(session, workspace_id)
    return Known(known.touchpoints, known.journeys, known.personas, frozenset(journeys.CHANNELS))


def _unknown_keys(mapping: ResponseMapping, known: Known) -> Iterator[tuple[yaml_marks.Path, str]]:
    if not known.touchpoints:
        yield (
            ("touchpoint",),
            "this workspace has no touchpoints yet; run `afterword journeys apply FILE` first",
        )
        return
    named: list[tuple[yaml_marks.Path, str | None]] = [
        (("touchpoint", "values", text), key) for text, key in mapping.touchpoint.values.items()
    ]
    named.append((("touchpoint", "constant"), mapping.touchpoint.constant))
    for path, key in named:
        if key is not None and key not in known.touchpoints:
            yield path, f"there is no touchpoint {key}"
    lists = {"journey": known.journeys, "persona": known.personas, "channel": known.channels}
    for name, found in mapping.fields.items():
        if name in lists and found.constant is not None and found.constant not in lists[name]:
            yield (name, "constant"), f"there is no {name} {found.constant}"


def _column_problems(file: MappingFile, header: Sequence[str]) -> list[yaml_marks.Problem]:
    if doubled := {name for name in file.mapping.columns if header.count(name) > 1}:
        raise FileProblem(f"row 1: the column {sorted(doubled)[0]!r} stands there twice.", "doubled_column")
    shown = ", ".join(repr(name) for name in header[:20])
    return [
        file.document.problem(path, "unknown_column", f"the file has no column {column!r}; it has {shown}")
        for path, column in file.mapping.named_columns()
        if column not in header
    ]
