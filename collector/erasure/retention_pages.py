"""The page of what is kept for how long: what other days would take is shown first, and only that can be saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from collector import changes, errors, values, web
from collector.changes import Wanted
from collector.days import day_of
from collector.erasure import retention
from collector.workspaces import caller, company, requires

pages = Blueprint("retention_pages", __name__, template_folder="templates")
SHOWN = 10
"""So many of the last batches that went stand on the page."""


@pages.get("/retention")
@requires("administrator")
def show_retention() -> Response:
    """What is kept, what would go by now, and what went of late."""
    given = {name: request.args[name] for name in company.KEEPS if name in request.args}
    try:
        days = _days(given)
        company.check_kept(days)
    except errors.BadInput as error:
        return _page(given, None, error)
    return _page(given, days)


@pages.post("/retention")
@requires("administrator")
def post_retention() -> Any:
    given = {name: request.form[name] for name in company.KEEPS if name in request.form}
    try:
        company.change(web.session(), caller().company.workspace_id, _days(given), caller().name, web.now())
    except errors.BadInput as error:
        return _page(given, None, error)
    return redirect("/retention?saved", 303)


def _page(
    given: Mapping[str, str], days: Mapping[str, int] | None, error: errors.AfterwordError | None = None
) -> Response:
    session, workspace = web.session(), caller().workspace
    kept = {name: company.said(workspace)[name] for name in company.KEEPS}
    wanted = kept | dict(days or {})
    found = retention.preview(session, workspace.workspace_id, wanted, web.now())
    zone = workspace.timezone
    html = render_template(
        "erasure/retention.html",
        kept=kept,
        wanted=wanted,
        typed={name: given.get(name, wanted[name] or "") for name in kept},
        is_new=wanted != kept,
        found=found,
        oldest={name: day_of(old.since, zone) for name, old in found.items() if old.since},
        most=retention.PREVIEWED,
        went=changes.changes(session, workspace.workspace_id, Wanted(actor=retention.ACTOR), limit=SHOWN),
        error=error,
        saved="saved" in request.args,
    )
    return Response(html, error.status if error else 200, {"Cache-Control": "private, no-store"})


def _days(given: Mapping[str, str]) -> dict[str, int]:
    """Numbers of days, 0 for what is left empty; what is no number is told with the other things that do not fit."""
    found = {name: values.whole(text.strip() or "0") for name, text in given.items()}
    return {name: -1 if days is None else days for name, days in found.items()}
