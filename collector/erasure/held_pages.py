"""The page of what is held apart: a flood of feedback by touchpoint, let in or thrown away, whole or one by one."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from collector import errors, journeys, web, write_ahead_log
from collector.responses import holding
from collector.workspaces import caller, may_sign_in_only, requires

pages = Blueprint("held_pages", __name__, template_folder="templates")
SHOWN = 20


@pages.get("/answers/held")
@may_sign_in_only
def show_held() -> Response:
    session, company = web.session(), caller().company.workspace_id
    counted = holding.counts(session, company)
    html = render_template(
        "erasure/held.html",
        counts=counted,
        newest={key: holding.newest(session, company, key, SHOWN) for key in counted},
        names={place.key: place.label for place in journeys.touchpoints(session, company, limit=500).items},
        may_edit=caller().may_edit,
        done=request.args.get("done", ""),
    )
    return Response(html, headers={"Cache-Control": "private, no-store"})


@pages.post("/answers/held")
@requires("editor")
def post_held() -> Any:
    """Let in, or throw away, what is held at a touchpoint: one answer, or all."""
    session, company, form = web.session(), caller().company.workspace_id, request.form
    touchpoint = form.get("touchpoint", "")
    journeys.scoping.demand(session, [touchpoint])
    verbs = {"release": holding.release, "discard": holding.discard}
    if (verb := form.get("do", "")) not in verbs:
        raise errors.BadInput("There is no such button.", fields={"do": ["unknown"]})
    if verb == "discard":
        web.afterwards(write_ahead_log.empty)
    verbs[verb](session, company, touchpoint, _only(form.get("response", "")), caller().name, web.now())
    return redirect(f"/answers/held?done={verb}", 303)


def _only(text: str) -> list[uuid.UUID] | None:
    """The one answer that a button stands beside; None for all."""
    if not text:
        return None
    try:
        return [uuid.UUID(text)]
    except ValueError:
        raise errors.NotFound("There is no such response.", "unknown_response") from None
