"""The record's page: who did what, filtered, fifty at a time."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, render_template, request

from collector import changes, web
from collector.changes import PAGE, Wanted
from collector.workspaces import caller, people, requires

pages = Blueprint("record", __name__, template_folder="templates")
FILTERS = ("noun", "verb", "actor", "key")


@pages.get("/record")
@requires("administrator")
def show_record() -> Response:
    workspace = caller().workspace.workspace_id
    chosen = {name: request.args.get(name, "").strip()[:254] for name in FILTERS}
    noun, verb, actor, key = (chosen[name] or None for name in FILTERS)
    wanted = Wanted(noun, key, actor, verb)
    rows = changes.changes(web.session(), workspace, wanted, before=web.cursor(), limit=PAGE)
    html = render_template(
        "company/record.html",
        rows=rows,
        chosen=chosen,
        names=_names(workspace),
        next=rows[-1].change_id if len(rows) == PAGE else None,
    )
    return Response(html, headers={"Cache-Control": "private, no-store"})


def _names(workspace: uuid.UUID) -> dict[str, Any]:
    """What stands for somebody in the record -> their name, whether they are still here or not."""
    everybody = people.list_people(web.session(), workspace)
    return {str(each.person_id): each.name for each in everybody} | {
        each.email: each.name for each in everybody
    }
