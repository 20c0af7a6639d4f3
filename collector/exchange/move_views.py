"""``POST /api/v1/imports/from/{tool}``: a move in from another survey tool, tried or taken."""

from __future__ import annotations

from typing import Any

from flask import request

from collector import errors, web
from collector.exchange import tools, uploads
from collector.exchange.import_schemas import MOVE, MovedOut
from collector.workspaces import caller, requires

api = web.Blueprint("moves", __name__, url_prefix="/api/v1", description="Moving in from another tool")


@api.route("/imports/from/<tool>", methods=["POST"])
@requires("admin", "administrator")
@api.response(200, MovedOut)
@api.doc(
    parameters=[
        {
            "name": "tool",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "enum": list(tools.TOOLS)},
        }
    ],
    requestBody={"required": True, "content": {"multipart/form-data": {"schema": MOVE}}},
)  # type: ignore[untyped-decorator]
def post_move(tool: str) -> Any:
    """Move in with a tool's own files, all of them at once; the same files again add nothing, ``dry_run`` keeps nothing."""
    known = set(MOVE["properties"])
    if strange := sorted(map(str, ({*request.form} | {*request.files}) - known)):
        raise errors.BadInput(
            "Some of this does not fit.", fields={name: ["Unknown field."] for name in strange}
        )
    is_trial = uploads.is_set(request.form, name="dry_run")
    who = caller()
    moved = uploads.moved(
        web.session(), who.workspace, tool, request.form, request.files, who.name, web.now(), is_trial
    )
    return {**moved.as_json(), "dry_run": is_trial}
