"""``GET /api/v1/retention``: how long things are kept, and how much would go by now if that were other days."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from collector import days, web, workspaces
from collector.erasure import retention
from collector.workspaces import caller, requires

api = web.Blueprint("retention", __name__, url_prefix="/api/v1", description="How long things are kept")
DAYS = validate.Range(0, workspaces.company.LONGEST)


class RetentionQuery(Schema):
    keep_answers = fields.Integer(load_default=None, validate=DAYS)
    keep_comments = fields.Integer(load_default=None, validate=DAYS)
    keep_interactions = fields.Integer(load_default=None, validate=DAYS)
    keep_outcomes = fields.Integer(load_default=None, validate=DAYS)
    keep_record = fields.Integer(load_default=None, validate=DAYS)


class RetentionOut(Schema):
    days = fields.Dict(keys=fields.String(), values=fields.Integer())
    would_go = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": f"Counted up to {retention.PREVIEWED:,}."},
    )
    oldest = fields.Dict(
        keys=fields.String(),
        values=fields.Date(allow_none=True),
        metadata={"description": "The day of the oldest that would go, in the company's time zone."},
    )


@api.route("/retention")
@requires("admin", "administrator")
@api.arguments(RetentionQuery, location="query")
@api.response(200, RetentionOut)
def get_retention(query: dict[str, Any]) -> Any:
    """What is kept for how many days (0: for ever), and how much is older; with other days, what those would take."""
    settings = caller().workspace.settings
    kept = {name: settings.get(name, 0) if days is None else days for name, days in query.items()}
    found = retention.preview(web.session(), caller().workspace.workspace_id, kept, web.now())
    zone = caller().workspace.timezone
    return {
        "days": kept,
        "would_go": {name: old.rows for name, old in found.items()},
        "oldest": {name: old.since and days.day_of(old.since, zone) for name, old in found.items()},
    }
