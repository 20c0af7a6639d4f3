"""The company's page: what it says of itself, whose figures departments see, and the keys that machines call with."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, Response, redirect, render_template, request

from collector import errors, locale, web
from collector.company import stakeholders
from collector.workspaces import MintedKey, caller, company, key_uses, keys, requires, sight

pages = Blueprint("company_page", __name__, template_folder="templates")
KINDS = ("server", "test", "read", "analyst", "admin", "publishable")


@pages.get("/company")
@requires("administrator")
def show_company() -> Response:
    return _page()


@pages.post("/company")
@requires("administrator")
def post_company() -> Any:
    said = (name for name in company.SAID if name not in company.KEEPS)
    given = {name: request.form.get(name, "").strip() for name in said}
    try:
        company.change(web.session(), caller().company.workspace_id, given, caller().name, web.now())
    except errors.BadInput as error:
        return _page(error=error, typed=given)
    return redirect("/company?saved", 303)


@pages.post("/company/keys")
@requires("administrator")
def post_key() -> Any:
    """Make a key; the page shows it this once."""
    form, who = request.form, caller()
    try:
        if form.get("kind") not in KINDS or not form.get("name", "").strip():
            raise errors.BadInput("Say what the key is for.", fields={"key_name": ["is empty"]})
        made = keys.mint_key(
            web.session(), who.workspace, form["kind"], form["name"].strip()[:120], web.now(), who.name,
            stakeholders.ticked(form),
        )  # fmt: skip
    except errors.BadInput as error:
        return _page(error=error)
    return _page(made=made)


@pages.post("/company/keys/<kid>/revoke")
@requires("administrator")
def post_revoke(kid: str) -> Any:
    keys.revoke_key(web.session(), caller().company.workspace_id, kid, web.now(), caller().name)
    return redirect("/company", 303)


def _page(
    made: MintedKey | None = None,
    error: errors.AfterwordError | None = None,
    typed: dict[str, Any] | None = None,
) -> Response:
    session, workspace = web.session(), caller().workspace
    html = render_template(
        "company/company.html",
        said=company.said(workspace) | (typed or {}),
        keys=keys.list_keys(session, workspace.workspace_id),
        used=key_uses.last(session, workspace.workspace_id),
        owners=stakeholders.known(),
        kinds=KINDS,
        languages=locale.LANGUAGES,
        zones=_zones(),
        cutting_days=workspace.days_zone != workspace.timezone,
        figures=sight.FIGURES,
        made=made,
        error=error,
        saved="saved" in request.args,
    )
    return Response(html, error.status if error else 200, {"Cache-Control": "private, no-store"})


@cache
def _zones() -> list[str]:
    return sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
