"""What leaves the house: share links, the views they open, and dashlets for other pages and systems."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request
from marshmallow import ValidationError

from collector import bodies, errors, journeys, web
from collector.dashboard import journey_page, schemas, shares, touchpoint_page
from collector.dashboard import period as periods
from collector.dashboard.models import ShareLink
from collector.dashboard.pages import period, show, workspace_id
from collector.dashboard.sources import Chosen
from collector.workspaces import caller, facts, may_sign_in_only, requires, scopes, sight

pages = Blueprint("sharing", __name__, template_folder="templates")
FRAMEABLE = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors *"
PLACES = {"journeys": "journey", "touchpoints": "touchpoint"}


@pages.get("/<any(journeys, touchpoints):kind>/<key>/share")
@may_sign_in_only
def show_share(kind: str, key: str) -> Any:
    return _share_page(PLACES[kind], key)


@pages.post("/<any(journeys, touchpoints):kind>/<key>/share")
@may_sign_in_only
def post_share(kind: str, key: str) -> Any:
    """Make a link; its address is shown this once."""
    _name(PLACES[kind], key)
    try:
        form = schemas.ShareForm().load(request.form.to_dict())
    except ValidationError as error:
        raise bodies.invalid(error) from None
    _link, secret = shares.share(
        web.session(),
        workspace_id(),
        PLACES[kind],
        key,
        form["days"],
        form["good_for"],
        form["note"],
        caller().name,
        web.now(),
        caller().scope.stored,
    )
    return _share_page(PLACES[kind], key, f"{web.config().url}/shared/{secret}")


@pages.post("/<any(journeys, touchpoints):kind>/<key>/share/<uuid:share_id>/revoke")
@may_sign_in_only
def post_revoke(kind: str, key: str, share_id: uuid.UUID) -> Any:
    _name(PLACES[kind], key)
    shares.revoke(web.session(), workspace_id(), PLACES[kind], key, share_id, web.now(), caller().name)
    return redirect(f"/{kind}/{key}/share", 303)


@pages.get("/shared/<secret>")
@web.public
def show_shared(secret: str) -> Any:
    """A journey, or a touchpoint's dashlet, for whoever holds the link; figures only."""
    session = web.session()
    link = shares.open_link(session, secret, web.now())
    company = facts(session, link.workspace_id)
    figures = company.settings.get("figures", "all")
    sight.bind(session, sight.Sight(link.workspace_id, scopes.of(link.scope), figures))
    web.speak_in(company.timezone)
    response = _shared_journey(link) if link.noun == "journey" else _shared_dashlet(link)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@pages.get("/dashlets/<key>")
@requires("read", "person")
def show_dashlet(key: str) -> Any:
    """A touchpoint in a hand's breadth: HTML for a frame, JSON for a program; both with an ETag."""
    page = _open(workspace_id(), key, period())
    wants_json = request.args.get("format") == "json" or not request.accept_mimetypes.accept_html
    if wants_json or request.headers.get("Authorization"):
        return _tagged(jsonify(schemas.DashletOut().dump(schemas.dashlet(page))))
    return _tagged(show("dashlet.html", page=page, linked=True))


def _shared_journey(link: ShareLink) -> Response:
    chosen = _last_days(link)
    page = journey_page.open_journey(web.session(), link.workspace_id, link.key, chosen)
    return show("shared.html", page=page, link=link)


def _shared_dashlet(link: ShareLink) -> Response:
    chosen = _last_days(link)
    response = _tagged(show("dashlet.html", page=_open(link.workspace_id, link.key, chosen), linked=False))
    response.headers["Content-Security-Policy"] = FRAMEABLE
    return response


def _last_days(link: ShareLink) -> periods.Period:
    zone = facts(web.session(), link.workspace_id).timezone
    return periods.read({"days": str(link.days)}, web.now(), zone)


def _open(workspace: uuid.UUID, key: str, chosen: periods.Period) -> touchpoint_page.TouchpointPage:
    selection = Chosen(chosen, touchpoints=(key,))
    return touchpoint_page.open_touchpoint(web.session(), workspace, key, selection)


def _tagged(response: Response) -> Response:
    """Answered 304 where the caller has this already."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _share_page(noun: str, key: str, address: str = "") -> Response:
    links = shares.list_links(web.session(), workspace_id(), noun, key)
    return show(
        "share.html", noun=noun, key=key, name=_name(noun, key), links=links, address=address,
        lifetimes=shares.LIFETIMES,
    )  # fmt: skip


def _name(noun: str, key: str) -> str:
    """What is shared; raises 404 for what is not here, 403 for what is not in scope."""
    session = web.session()
    if noun == "journey":
        name = journeys.get(session, workspace_id(), key).name
        journeys.scoping.demand_journey(session, workspace_id(), key)
        return name
    if noun == "touchpoint":
        name = journeys.touchpoint(session, workspace_id(), key).name
        journeys.scoping.demand(session, [key])
        return name
    raise errors.NotFound("There is nothing to share here.", "unknown_noun")
