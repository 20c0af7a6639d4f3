"""The page on which a company moves in from another survey tool: its files, a trial that says what becomes of them, the move."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from collector import errors, journeys, web
from collector.exchange import tools, uploads
from collector.workspaces import caller, requires

pages = Blueprint("imports_page", __name__, template_folder="templates")


@pages.get("/imports")
@requires("administrator")
def show_imports() -> Response:
    return _page()


@pages.post("/imports/files")
@requires("administrator")
def post_files() -> Response:
    """Try a tool's files, or take them; either way the page says what became of each."""
    is_trial = request.form.get("do") != "take"
    session, who, tool = web.session(), caller(), request.form.get("tool", "")
    try:
        moved = uploads.moved(
            session, who.workspace, tool, request.form, request.files, who.name, web.now(), is_trial
        )
    except errors.AfterwordError as error:
        web.session().rollback()
        return _page(error)
    return _page(moved=moved, is_trial=is_trial)


def _page(
    error: errors.AfterwordError | None = None, moved: tools.Moved | None = None, is_trial: bool = False
) -> Response:
    html = render_template(
        "company/imports.html",
        tools=[tools.tool(key) for key in tools.TOOLS],
        touchpoints=sorted(journeys.keys_of_touchpoints(web.session(), caller().company.workspace_id)),
        moved=moved,
        is_trial=is_trial,
        typed=request.form,
        error=error,
    )
    return Response(html, error.status if error else 200, {"Cache-Control": "private, no-store"})
