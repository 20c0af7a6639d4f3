"""``/api/v1/changes``: who did what, when; as JSON a page at a time, as CSV the whole of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from flask import Response

from collector import changes, clock, web
from collector.changes import Change, Wanted
from collector.company import schemas
from collector.workspaces import caller, requires

api = web.Blueprint("changes", __name__, url_prefix="/api/v1", description="The record of who did what")
COLUMNS = ("number", "at", "actor", "verb", "noun", "key", "before", "after", "hash")
DEFINITIONS = frozenset({"stakeholder", "persona", "touchpoint", "journey", "survey", "template", "policy"})
RISKY = ("=", "+", "-", "@", "\t", "\r")


@api.route("/changes")
@requires("read", "admin", "person")
@api.arguments(schemas.ChangeQuery, location="query")
@api.response(200, schemas.ChangesOut)
def get_changes(query: dict[str, Any]) -> Any:
    """Who did what, newest first; of definitions for everybody, the rest for administrators."""
    before, limit = query.pop("before"), query.pop("limit")
    workspace, nouns = caller().workspace.workspace_id, None if caller().is_administrator else DEFINITIONS
    found = changes.changes(
        web.session(), workspace, Wanted(**query, nouns=nouns), before=before, limit=limit
    )
    return {"changes": found, "next": found[-1].change_id if len(found) == limit else None}


@api.route("/changes.csv")
@requires("admin", "administrator")
@api.arguments(schemas.ChangeFilter, location="query")
@api.response(200, content_type="text/csv")
def get_changes_file(query: dict[str, Any]) -> Any:
    """The record as CSV, the oldest first."""
    rows = changes.every(web.session(), caller().workspace.workspace_id, Wanted(**query))
    response = Response("".join(_lines(rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="changes.csv"'
    return response


def _lines(rows: Iterator[Change]) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in rows:
        said = (json.dumps(part, ensure_ascii=False) if part else "" for part in (row.before, row.after))
        yield _line((row.number, clock.iso(row.at), row.actor, row.verb, row.noun, row.key, *said, row.hash))


def _line(cells: tuple[Any, ...]) -> str:
    """A line of CSV, safe to open in a spreadsheet."""
    out = io.StringIO()
    csv.writer(out).writerow(f"'{cell}" if str(cell).startswith(RISKY) else cell for cell in cells)
    return out.getvalue()
