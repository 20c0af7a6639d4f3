"""Responses out and in over HTTP: streamed exports, imports with a mapping."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, current_app, request
from marshmallow import Schema, fields, validate

from collector import days, db, errors, journeys, signals, topics, web
from collector.bodies import Flag
from collector.changes import record
from collector.contact import MESSAGE_CHANNELS
from collector.exchange import actions, mapping, memory, writing
from collector.insights import exporting
from collector.kpis import Day, by_page, drop_off, in_zone
from collector.workspaces import Caller, caller, requires, sight

api = web.Blueprint("exchange", __name__, url_prefix="/api/v1", description="Exports and imports")
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
LINES = {"type": "string"}
UPLOAD = {
    "type": "object",
    "required": ["file", "mapping"],
    "properties": {name: {"type": "string", "format": "binary"} for name in ("file", "mapping")},
}


class ExportQuery(Schema):
    journey = fields.String(load_default=None)
    touchpoint = fields.String(load_default=None)
    since = Day(load_default=None, data_key="from", metadata={"type": "string", "description": "first day"})
    until = Day(load_default=None, data_key="to", metadata={"type": "string", "description": "last day"})


class PagesQuery(Schema):
    touchpoint = fields.String(load_default=None)
    since = Day(load_default=None, data_key="from", metadata={"type": "string", "description": "first day"})
    until = Day(load_default=None, data_key="to", metadata={"type": "string", "description": "last day"})


class DropOffQuery(Schema):
    journey = fields.String(required=True)
    since = Day(load_default=None, data_key="from", metadata={"type": "string", "description": "first day"})
    until = Day(load_default=None, data_key="to", metadata={"type": "string", "description": "last day"})


class TallyOut(Schema):
    count = fields.Integer()
    rows = fields.List(fields.Integer(), metadata={"description": "Row numbers, the first 10,000"})


class ReportOut(Schema):
    rows = fields.Integer()
    accepted = fields.Integer()
    duplicates = fields.Nested(TallyOut, metadata={"description": "Here already"})
    skipped = fields.Dict(keys=fields.String(), values=fields.Nested(TallyOut))
    quarantined = fields.Dict(keys=fields.String(), values=fields.Nested(TallyOut))
    new_series = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "survey -> what ended the series before it; empty: there was none"},
    )
    unmapped = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer())
    )


class FactIn(Schema):
    """One fact, as a row of a file has it. What does not fit is refused by itself, with its reason; the others are taken."""

    kind = fields.String(metadata={"description": "One of: " + ", ".join(memory.KINDS)})
    customer = fields.String(metadata={"description": "1 to 256 characters; not for a bounce."})
    channel = fields.String(metadata={"description": "One of: " + ", ".join(MESSAGE_CHANNELS)})
    address = fields.String(metadata={"description": "Of a bounce."})
    at = fields.String(
        metadata={
            "description": "A time, or a day of the company; without one, now (of an ask it is needed)."
        }
    )
    outcome = fields.String(metadata={"description": "Of an ask: " + ", ".join(memory.OUTCOMES)})
    text_version = fields.String(metadata={"description": "At most 120 characters are kept."})
    source = fields.String(metadata={"description": "At most 120 characters are kept."})


class MemoryIn(Schema):
    facts = fields.List(fields.Nested(FactIn), required=True, validate=validate.Length(1, 500))
    dry_run = Flag(load_default=False)


class MemoryOut(Schema):
    rows = fields.Integer()
    taken = fields.Dict(keys=fields.String(), values=fields.Integer())
    known = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "kind -> how many changed nothing, as they were known before"},
    )
    refused = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(TallyOut),
        metadata={"description": "reason -> which facts, counted from 1"},
    )


class ImportOut(Schema):
    report = fields.Nested(ReportOut)


@api.route("/exports/responses.<any(csv, jsonl):form>")
@requires("admin", "person")
@api.arguments(ExportQuery, location="query")
@api.alt_response(200, schema=LINES, content_type="text/csv", description="Streamed", success=True)
@api.alt_response(200, schema=LINES, content_type="application/x-ndjson", success=True)
def get_responses(query: dict[str, Any], form: str) -> Any:
    """Responses as CSV (safe to open in a spreadsheet) or JSON Lines."""
    since, until = _moments(query)
    _note_export("responses", form)
    sessions = current_app.extensions["afterword_sessions"]
    body = _stream(sessions, caller(), form, since, until, query["journey"], query["touchpoint"])
    return _file(body, "responses", form)


@api.route("/exports/pages.<any(csv, jsonl):form>")
@requires("admin", "read", "person")
@api.arguments(PagesQuery, location="query")
@api.alt_response(200, schema=LINES, content_type="text/csv", success=True)
@api.alt_response(200, schema=LINES, content_type="application/x-ndjson", success=True)
def get_pages(query: dict[str, Any], form: str) -> Any:
    """Figures by the page that the answers were given on; small pages in one row."""
    session, workspace_id = web.session(), caller().workspace.workspace_id
    with sight.own(session):
        found = list(by_page.by_page(session, workspace_id, *_moments(query), query["touchpoint"]))
    return _file(_written(by_page.COLUMNS, found, form), "pages", form)


@api.route("/exports/drop-off.<any(csv, jsonl):form>")
@requires("admin", "read", "person")
@api.arguments(DropOffQuery, location="query")
@api.alt_response(200, schema=LINES, content_type="text/csv", success=True)
@api.alt_response(200, schema=LINES, content_type="application/x-ndjson", success=True)
def get_drop_off(query: dict[str, Any], form: str) -> Any:
    """Who left a journey without finishing it, as a whole and by touchpoint."""
    workspace_id = caller().workspace.workspace_id
    journeys.scoping.demand_all_figures(web.session())
    rows = list(drop_off.drop_off(web.session(), workspace_id, query["journey"], web.now(), *_moments(query)))
    strange = journeys.scoping.outside(web.session(), (row[0] for row in rows if row[0] != drop_off.WHOLE))
    found = [row for row in rows if row[0] not in strange]
    return _file(_written(drop_off.COLUMNS, found, form), "drop-off", form)


@api.route("/exports/insights.<any(csv, jsonl):form>")
@requires("admin", "read", "person")
@api.alt_response(200, schema=LINES, content_type="text/csv", success=True)
@api.alt_response(200, schema=LINES, content_type="application/x-ndjson", success=True)
def get_insights(form: str) -> Any:
    """Insights with the figures that they rest on, the weightiest first."""
    _note_export("insights", form)
    found = list(exporting.rows(web.session(), caller().workspace.workspace_id))
    return _file(_written(exporting.COLUMNS, found, form), "insights", form)


@api.route("/exports/topics.<any(csv, jsonl):form>")
@requires("admin", "person")
@api.arguments(topics.TopicsQuery, location="query")
@api.alt_response(200, schema=LINES, content_type="text/csv", success=True)
@api.alt_response(200, schema=LINES, content_type="application/x-ndjson", success=True)
def get_topics(query: dict[str, Any], form: str) -> Any:
    """What customers say: topics with how many people named them, those of most unhappy people first."""
    _note_export("topics", form)
    session, company = web.session(), caller().company
    asked = topics.asked_for(session, company, query, web.now())
    found = list(topics.exporting.rows(session, company.workspace_id, asked))
    return _file(_written(topics.exporting.COLUMNS, found, form), "topics", form)


@api.route("/exports/signals.<any(csv, jsonl):form>")
@requires("admin", "read", "person")
@api.alt_response(200, schema=LINES, content_type="text/csv", success=True)
@api.alt_response(200, schema=LINES, content_type="application/x-ndjson", success=True)
def get_signals(form: str) -> Any:
    """Signals with the figures that they rest on, the newest first."""
    _note_export("signals", form)
    session, workspace_id = web.session(), caller().workspace.workspace_id
    say = signals.Sentences(web.speaker(), signals.reading.names(session, workspace_id))
    found = list(signals.exporting.rows(session, workspace_id, say))
    return _file(_written(signals.exporting.COLUMNS, found, form), "signals", form)


@api.route("/imports/responses", methods=["POST"])
@requires("admin", "administrator")
@api.response(200, ImportOut)
@api.doc(requestBody={"required": True, "content": {"multipart/form-data": {"schema": UPLOAD}}})  # type: ignore[untyped-decorator]
def post_responses_file() -> Any:
    """Import responses: a multipart form with ``file`` and ``mapping``; the same file twice adds nothing."""
    try:
        file, said = request.files["file"], request.files["mapping"]
    except KeyError as missing:
        raise errors.BadInput("Send a multipart form with `file` and `mapping`.", "missing_file", {str(missing.args[0]): ["missing"]}) from None  # fmt: skip
    plan = mapping.load(said.read(), said.filename or "mapping.yaml")
    session, who = web.session(), caller()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(file.filename or "responses.csv").name or "responses.csv")
        file.save(path)
        actions.check(session, who.workspace.workspace_id, path, plan)
        reports = list(actions.import_responses(session, who.workspace, path, plan, who.name, web.now()))
    return {"report": reports[-1].as_json()}


@api.route("/imports/memory", methods=["POST"])
@requires("admin", "administrator")
@api.arguments(MemoryIn)
@api.response(200, MemoryOut)
def post_memory(given: dict[str, Any]) -> Any:
    """Take objections, consents, bounces and asks of an older system; with ``dry_run`` nothing is kept."""
    session, report = web.session(), memory.MemoryReport()
    facts = enumerate(given["facts"], start=1)
    if not given["dry_run"]:
        memory.take(session, caller().workspace, facts, web.now(), report)
        return report.as_json()
    with session.begin_nested() as trial:
        memory.take(session, caller().workspace, facts, web.now(), report)
        trial.rollback()
    return report.as_json()


def _note_export(what: str, form: str) -> None:
    """An export is in the record before its first line leaves."""
    who, now, said = caller(), web.now(), {"format": form, **request.args.to_dict()}
    web.aside(
        lambda session: record(
            session, who.workspace.workspace_id, now, who.name, "exported", what, form, None, said
        )
    )


def _stream(
    sessions: Any,
    who: Caller,
    form: str,
    since: datetime | None,
    until: datetime | None,
    journey: str | None,
    touchpoint: str | None,
) -> Iterator[str]:
    """Chunk by chunk, in a session of its own: the request's is closed before the body is read."""
    with sessions() as session:
        db.read_only(sight.bind(session, who.sight))
        file = io.StringIO(newline="")
        for _written in writing.export_responses(
            session, who.company.workspace_id, file, form, since, until, journey, touchpoint
        ):
            yield _taken(file)
        yield _taken(file)


def _written(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str) -> str:
    file = io.StringIO(newline="")
    write = writing.table(file, form, columns)
    for row in rows:
        write(row)
    return file.getvalue()


def _file(body: Iterator[str] | str, name: str, form: str) -> Response:
    response = Response(body, content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _taken(file: io.StringIO) -> str:
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return text


def _moments(query: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    """The first moment of the first day, and that after the last, in the workspace's zone."""
    zone = caller().company.timezone
    asked = in_zone(query, zone)
    first, last = asked["since"], asked["until"]
    return (
        days.midnight(first, zone) if first else None,
        days.midnight(last + days.A_DAY, zone) if last else None,
    )
