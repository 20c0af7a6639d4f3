"""Erasing a customer in the browser, and the receipts of what was erased."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from collector import changes, db, errors, web, write_ahead_log
from collector.erasure import receipts
from collector.workspaces import caller, people, requires

pages = Blueprint("receipts", __name__, template_folder="templates")


@pages.post("/customers/erase")
@requires("administrator")
def post_erase() -> Any:
    """Erase somebody, once it is said that one is sure; the receipt is the page that follows."""
    customer, by = request.form.get("customer", "").strip()[:256], caller().name
    if not customer or request.form.get("sure") != "yes":
        raise errors.BadInput("Say whom, and that you are sure.", fields={"sure": ["must be yes"]})
    session, company = web.session(), caller().workspace
    _, number = db.retried(
        session, lambda: receipts.erase_for_receipt(session, company, customer, by, web.now())
    )
    web.afterwards(write_ahead_log.empty)
    return redirect(f"/erasures?number={number}", 303)


@pages.get("/erasures")
@requires("administrator")
def show_erasures() -> Response:
    """Receipts, fifty at a time, or the one that somebody asks about."""
    company, number = caller().company.workspace_id, request.args.get("number", "").strip()[:64]
    rows = receipts.listed(web.session(), company, number, web.cursor())
    names = {each.email: each.name for each in people.list_people(web.session(), company)}
    html = render_template(
        "erasure/receipts.html",
        rows=rows,
        number=number,
        names=names,
        next=rows[-1].change_id if len(rows) == changes.PAGE else None,
    )
    return Response(html, headers={"Cache-Control": "private, no-store"})
