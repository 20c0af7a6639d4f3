"""The page of what comes in live: an address for each tool, what arrived there of late, and what became of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from collector import errors, journeys, web, yaml_marks
from collector.exchange import inbound
from collector.workspaces import caller, requires

pages = Blueprint("inbound_page", __name__, template_folder="templates")
NAMES = ("name", "tool", "secret", "touchpoint", "comment", "customer", "mapping")


@pages.get("/inbound")
@requires("administrator")
def show_inbound() -> Response:
    return _page()


@pages.post("/inbound")
@requires("administrator")
def post_inbound() -> Response:
    """Make an address; the page shows its secret this once."""
    given: dict[str, Any] = {name: request.form.get(name, "").strip() for name in NAMES}
    given["questions"] = [
        line.strip() for line in request.form.get("questions", "").splitlines() if line.strip()
    ]
    try:
        if given["secret"] and len(given["secret"]) < 16:
            raise errors.BadInput("A secret has 16 characters or more.", fields={"secret": ["too short"]})
        made = inbound.actions.make(
            web.session(), _workspace(), given, web.config().secret_key, caller().name, web.now()
        )
    except (errors.AfterwordError, yaml_marks.FileError) as error:
        web.session().rollback()
        return _page(error=error)
    return _page(made=made)


@pages.post("/inbound/<uuid:inbound_id>")
@requires("administrator")
def post_do(inbound_id: uuid.UUID) -> Any:
    """Place what waits, or end the address: what its buttons say."""
    session, by, now = web.session(), caller().name, web.now()
    row = inbound.listing.get(session, _workspace(), inbound_id)
    if request.form.get("what") == "remove":
        inbound.actions.remove(session, row, by, now)
    else:
        inbound.actions.place_waiting(session, caller().workspace, row, web.config().secret_key, now)
    return redirect("/inbound", 303)


def _page(error: Exception | None = None, made: Any = None) -> Response:
    session = web.session()
    rows = inbound.listing.every(session, _workspace())
    html = render_template(
        "company/inbound.html",
        rows=rows,
        arrived={row.inbound_id: inbound.listing.arrivals(session, row, 20) for row in rows},
        waiting=inbound.listing.waiting(session, _workspace()),
        url_of=lambda row: web.addresses().whole(f"/in/v1/{row.workspace_id}/{row.inbound_id}"),
        tools=list(inbound.SCHEMES),
        touchpoints=sorted(journeys.keys_of_touchpoints(session, _workspace())),
        made=made,
        typed=request.form if error else {},
        error=error,
    )
    status = getattr(error, "status", 422) if error else 200
    return Response(html, status, {"Cache-Control": "private, no-store"})


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id
