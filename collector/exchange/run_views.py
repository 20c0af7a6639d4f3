"""``/api/v1/runs/{key}/answers.csv`` and ``/counts.csv``: a run's data, beside its protocol."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TextIO

from flask import Response

from collector import web
from collector.changes import record
from collector.communities import runs
from collector.communities.runs import StoredRun
from collector.exchange import run_files
from collector.exchange.views import FileQuery
from collector.exchange.writing import PLAIN, Style, excel
from collector.workspaces import caller, requires

api = web.Blueprint("run_files", __name__, url_prefix="/api/v1", description="A run's answers as files")
READERS = ("read", "admin", "person")
CSV = {"type": "string"}


@api.route("/runs/<key>/answers.csv")
@requires(*READERS)
@api.arguments(FileQuery, location="query")
@api.alt_response(200, schema=CSV, content_type="text/csv", success=True)
@api.alt_response(404)
def get_answers(query: dict[str, Any], key: str) -> Response:
    """The answers of members who agreed to be read one by one, row by row; nobody else's."""
    run = _run(key)
    return _file(
        query, run, "answers", lambda file, style: run_files.write_answers(web.session(), run, file, style)
    )


@api.route("/runs/<key>/counts.csv")
@requires(*READERS)
@api.arguments(FileQuery, location="query")
@api.alt_response(200, schema=CSV, content_type="text/csv", success=True)
@api.alt_response(404)
def get_counts(query: dict[str, Any], key: str) -> Response:
    """How often each answer was given, of all and by variant: of five people and more, once the verdict may be seen."""
    run, language = _run(key), web.speaker().language
    return _file(
        query,
        run,
        "counts",
        lambda file, style: run_files.write_counts(web.session(), run, language, file, style),
    )


def _file(
    query: dict[str, Any], run: StoredRun, what: str, write: Callable[[TextIO, Style], None]
) -> Response:
    """The file; who took it stands in the record first."""
    who, now = caller(), web.now()
    workspace_id = who.company.workspace_id
    web.aside(lambda own: record(own, workspace_id, now, who.name, "exported", f"run_{what}", run.key))
    file = io.StringIO(newline="")
    write(file, excel(web.speaker().language) if query["reader"] == "excel" else PLAIN)
    response = Response(file.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{run.key}-{what}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _run(key: str) -> StoredRun:
    return runs.get(web.session(), caller().workspace.workspace_id, key)
