"""The print sheet of a survey: ``/surveys/<key>/qr``, for counters and parcels."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from collector import errors, surveys, web, workspaces
from collector.deliveries import qr, words
from collector.locale import direction
from collector.workspaces import caller, may_sign_in_only, requires

pages = Blueprint("sheets", __name__, template_folder="templates")


@pages.get("/surveys/<key>/qr")
@may_sign_in_only
def show_sheet(key: str) -> Response:
    """The sheet for a publishable key (``?key=``); without one, the page asks for it."""
    session, workspace = web.session(), caller().workspace
    survey = surveys.get(session, workspace.workspace_id, key)
    published = surveys.version(session, workspace.workspace_id, key, survey.version)
    text, problem = request.args.get("key", "").strip(), ""
    if text:
        problem = _problem(text, workspace)
    layout = request.args.get("layout", "poster")
    asked = surveys.localised(published, [request.args.get("language", ""), workspace.locale])
    address = "" if problem or not text else _address(text, survey.touchpoint)
    page = render_template(
        "deliveries/sheet.html",
        survey=survey,
        locales=published.template.locales,
        layouts=qr.LAYOUTS,
        layout=layout if layout in qr.LAYOUTS else "poster",
        locale=asked["locale"],
        dir=direction(asked["locale"]),
        said=words.words(asked["locale"], workspace.name),
        question=asked["questions"][0]["text"],
        company=workspace.name,
        key=text,
        problem=problem,
        address=address,
        code=qr.svg(address, published.key) if address else "",
    )
    return Response(page, headers={"Cache-Control": "private, no-store"})


@pages.post("/surveys/<key>/qr")
@requires("editor")
def make_key(key: str) -> Any:
    """A publishable key for this sheet; it may stand in print, as it can only give feedback."""
    session, workspace = web.session(), caller().workspace
    surveys.get(session, workspace.workspace_id, key)
    made = workspaces.mint_key(session, workspace, "publishable", f"QR code {key}", web.now())
    return redirect(f"/surveys/{key}/qr?key={made.text}", 303)


def _problem(text: str, workspace: workspaces.Workspace) -> str:
    """Why a key cannot stand on the sheet: ``unknown`` or ``kind``; nothing where it can."""
    try:
        key = workspaces.find_key(web.session(), text)
    except errors.NotAuthenticated:
        return "unknown"
    if key.workspace_id != workspace.workspace_id:
        return "unknown"
    return "" if key.kind == "publishable" else "kind"


def _address(text: str, touchpoint: str) -> str:
    """No language unless one is chosen: the customer's browser knows better."""
    return qr.form_address(web.config().url, text, touchpoint, request.args.get("language", ""))
