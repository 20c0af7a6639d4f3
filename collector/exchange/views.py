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
from collector.changes import record
from collector.exchange import actions, mapping, memory, writing
from collector.exchange.import_schemas import UPLOAD, ImportOut, MemoryIn, MemoryOut
from collector.insights import exporting
from collector.kpis import Day, by_page, drop_off, in_zone
from collector.workspaces import Caller, caller, requires, sight

api = web.Blueprint("exchange", __name__, url_prefix="/api/v1", description="Exports and imports")
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
LINES = {"type": "string"}
COUNT, ROWS = "Afterword-Count", "Afterword-Rows"
"""A page that shows how far an export is asks beforehand how many rows it will have; a plain download counts nothing."""


class FileQuery(Schema):
    reader = fields.String(
        load_default="programs",
        data_key="for",
        validate=validate.OneOf(("programs", "excel")),
        metadata={
            "description": "excel: CSV that a spreadsheet of the reader's language opens by a double click"
        },
    )


class PeriodQuery(FileQuery):
    since = Day(load_default=None, data_key="from", metadata={"type": "string", "description": "first day"})
    until = Day(load_default=None, data_key="to", metadata={"type": "string", "description": "last day"})


class PagesQuery(PeriodQuery):
    touchpoint = fields.String(load_default=None)


class ExportQuery(PagesQuery):
    journey = fields.String(load_default=None)


class DropOffQuery(PeriodQuery):
    journey = fields.String(required=True)


class TopicsFileQuery(FileQuery, topics.TopicsQuery):
    """Which topics, and for whom the file is."""


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
    style, within = _style(query), (since, until, query["journey"], query["touchpoint"])
    response = _file(_stream(sessions, caller(), form, *within, style), "responses", form)
    if COUNT in request.headers:
        workspace_id = caller().company.workspace_id
        response.headers[ROWS] = str(writing.count_responses(web.session(), workspace_id, *within))
    return response


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
    return _file(_written(by_page.COLUMNS, found, form, _style(query)), "pages", form)


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
    return _file(_written(drop_off.COLUMNS, found, form, _style(query)), "drop-off", form)


@api.route("/exports/insights.<any(csv, jsonl):form>")
@requires("admin", "read", "person")
@api.arguments(FileQuery, location="query")
@api.alt_response(200, schema=LINES, content_type="text/csv", success=True)
@api.alt_response(200, schema=LINES, content_type="application/x-ndjson", success=True)
def get_insights(query: dict[str, Any], form: str) -> Any:
    """Insights with the figures that they rest on, the weightiest first."""
    _note_export("insights", form)
    found = list(exporting.rows(web.session(), caller().workspace.workspace_id))
    return _file(_written(exporting.COLUMNS, found, form, _style(query)), "insights", form)


@api.route("/exports/actions.<any(csv, jsonl):form>")
@requires("admin", "read", "person")
@api.arguments(FileQuery, location="query")
@api.alt_response(200, schema=LINES, content_type="text/csv", success=True)
@api.alt_response(200, schema=LINES, content_type="application/x-ndjson", success=True)
def get_actions(query: dict[str, Any], form: str) -> Any:
    """Actions with their insight, owner, due date and result; those of the weightiest insight first."""
    _note_export("actions", form)
    found = list(exporting.actions(web.session(), caller().workspace.workspace_id))
    return _file(_written(exporting.OF_ACTIONS, found, form, _style(query)), "actions", form)


@api.route("/exports/topics.<any(csv, jsonl):form>")
@requires("admin", "person")
@api.arguments(TopicsFileQuery, location="query")
@api.alt_response(200, schema=LINES, content_type="text/csv", success=True)
@api.alt_response(200, schema=LINES, content_type="application/x-ndjson", success=True)
def get_topics(query: dict[str, Any], form: str) -> Any:
    """What customers say: topics with how many people named them, those of most unhappy people first."""
    _note_export("topics", form)
    session, company = web.session(), caller().company
    style = _style(query)
    asked = topics.asked_for(session, company, query, web.now())
    found = list(topics.exporting.rows(session, company.workspace_id, asked))
    return _file(_written(topics.exporting.COLUMNS, found, form, style), "topics", form)


@api.route("/exports/signals.<any(csv, jsonl):form>")
@requires("admin", "read", "person")
@api.arguments(FileQuery, location="query")
@api.alt_response(200, schema=LINES, content_type="text/csv", success=True)
@api.alt_response(200, schema=LINES, content_type="application/x-ndjson", success=True)
def get_signals(query: dict[str, Any], form: str) -> Any:
    """Signals with the figures that they rest on, the newest first."""
    _note_export("signals", form)
    session, workspace_id = web.session(), caller().workspace.workspace_id
    say = signals.Sentences(web.speaker(), signals.reading.names(session, workspace_id))
    found = list(signals.exporting.rows(session, workspace_id, say))
    return _file(_written(signals.exporting.COLUMNS, found, form, _style(query)), "signals", form)


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
    style: writing.Style,
) -> Iterator[str]:
    """Chunk by chunk, in a session of its own: the request's is closed before the body is read."""
    with sessions() as session:
        db.read_only(sight.bind(session, who.sight))
        file = io.StringIO(newline="")
        for _written in writing.export_responses(
            session, who.company.workspace_id, file, form, since, until, journey, touchpoint, style
        ):
            yield _taken(file)
        yield _taken(file)


def _style(query: dict[str, Any]) -> writing.Style:
    """How CSV is written: for a spreadsheet, with the marks of the person's language, or of the company's."""
    if query.pop("reader") != "excel":
        return writing.PLAIN
    return writing.excel(web.speaker().language if caller().person else caller().company.locale)


def _written(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str, style: writing.Style) -> str:
    file = io.StringIO(newline="")
    write = writing.table(file, form, columns, style)
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
