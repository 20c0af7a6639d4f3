"""The webhooks' pages: which other systems are told of what, and how each message fared."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request

from collector import errors, web, webhooks
from collector.company import stakeholders
from collector.webhooks import Webhook, sent, subscribing
from collector.workspaces import caller, requires

pages = Blueprint("webhooks_page", __name__, template_folder="templates")


@pages.get("/webhooks")
@requires("administrator")
def show_webhooks() -> Response:
    return _list()


@pages.post("/webhooks")
@requires("administrator")
def post_webhook() -> Any:
    """Make a webhook; the page shows its secret this once."""
    form = request.form
    name, url, kinds = form.get("name", ""), form.get("url", ""), form.getlist("kinds")
    try:
        scope = stakeholders.ticked(form)
        wish = subscribing.Wish(name, url, kinds, scope, form.get("form", subscribing.STANDARD))
        row = subscribing.create(
            web.session(), _workspace(), wish, web.config().private_hosts, caller().name, web.now()
        )
    except (errors.BadInput, errors.Conflict) as error:
        return _list(error)
    return _one(row, secret=row.secret if row.form == subscribing.STANDARD else "")


@pages.get("/webhooks/<uuid:webhook_id>")
@requires("administrator")
def show_webhook(webhook_id: uuid.UUID) -> Response:
    return _one(_webhook(webhook_id))


@pages.post("/webhooks/<uuid:webhook_id>")
@requires("administrator")
def post_change(webhook_id: uuid.UUID) -> Any:
    """Change what it is called and what it is told of; the address only where a new one is typed."""
    row, form = _webhook(webhook_id), request.form
    given: dict[str, Any] = {"name": form.get("name", ""), "kinds": form.getlist("kinds")}
    if form.get("url", "").strip():
        given["url"] = form["url"]
    try:
        given["scope"] = stakeholders.ticked(form)
        subscribing.change(web.session(), row, given, web.config().private_hosts, caller().name, web.now())
    except errors.BadInput as error:
        web.session().rollback()
        return _one(_webhook(webhook_id), error=error)
    return _back(row, "saved")


@pages.post("/webhooks/<uuid:webhook_id>/do")
@requires("administrator")
def post_do(webhook_id: uuid.UUID) -> Any:
    """Enable, disable, end, try, renew the secret, send again: what its buttons say."""
    row, what = _webhook(webhook_id), request.form.get("what", "")
    session, by, now = web.session(), caller().name, web.now()
    try:
        if what == "enable":
            subscribing.enable(session, row, by, now)
        elif what == "disable":
            subscribing.disable(session, row, by, now)
        elif what == "test":
            subscribing.send_test(session, row, now)
        elif what == "renew":
            return _one(row, secret=subscribing.renew_secret(session, row, by, now))
        elif what == "resend":
            _resend(row)
        elif what == "remove":
            subscribing.remove(session, row, by, now)
            return redirect("/webhooks?removed", 303)
    except (errors.BadInput, errors.Conflict) as error:
        return _one(row, error=error)
    return _back(row, what)


def _resend(row: Webhook) -> None:
    """One event, or all since a time on the company's clock."""
    form = request.form
    try:
        if form.get("event_id"):
            sent.resend(web.session(), row, uuid.UUID(form["event_id"]), web.now())
            return
        zone = ZoneInfo(caller().workspace.timezone)
        since = datetime.fromisoformat(form.get("since", "")).replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        raise errors.BadInput("Say since when.", fields={"since": ["must be a day and a time"]}) from None
    sent.resend_since(web.session(), row, since, web.now())


def _list(error: errors.AfterwordError | None = None) -> Response:
    session = web.session()
    html = render_template(
        "company/webhooks.html",
        hooks=subscribing.listed(session, _workspace()),
        paces=subscribing.paces(session, _workspace()),
        shown_url=subscribing.shown_url,
        kinds=webhooks.KINDS,
        forms=subscribing.FORMS,
        owners=stakeholders.known(),
        typed=request.form if error else {},
        removed="removed" in request.args,
        error=error,
    )
    return _answer(html, error)


def _one(row: Webhook, secret: str = "", error: errors.AfterwordError | None = None) -> Response:
    html = render_template(
        "company/webhook.html",
        hook=row,
        pace=subscribing.pace_of(web.session(), row),
        entries=sent.log(web.session(), row, before=web.cursor()),
        page=sent.PAGE,
        shown_url=subscribing.shown_url(row),
        kinds=subscribing.kinds_of(row.form),
        owners=stakeholders.known(),
        secret=secret,
        done=request.args.get("done", ""),
        error=error,
    )
    return _answer(html, error)


def _answer(html: str, error: errors.AfterwordError | None) -> Response:
    return Response(html, error.status if error else 200, {"Cache-Control": "private, no-store"})


def _back(row: Webhook, done: str) -> Any:
    return redirect(f"/webhooks/{row.webhook_id}?done={done}", 303)


def _webhook(webhook_id: uuid.UUID) -> Webhook:
    return subscribing.get(web.session(), _workspace(), webhook_id)


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id
