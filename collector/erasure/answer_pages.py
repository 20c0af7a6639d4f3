"""The pages behind ``hide or delete``: one answer, and all that fit (a flood of spam); each asks before it acts."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from sqlalchemy import func, select

from collector import db, errors, journeys, responses, web, write_ahead_log
from collector.erasure import answers
from collector.responses import Response as Answer
from collector.workspaces import caller, requires

pages = Blueprint("answer_pages", __name__, template_folder="templates")
SOURCES = ("volunteered", "solicited", "imported")
NO_STORE = {"Cache-Control": "private, no-store"}


@pages.get("/answers/<uuid:response_id>")
@requires("editor")
def show_answer(response_id: uuid.UUID) -> Response:
    row = responses.find(web.session(), _company(), response_id)
    return Response(render_template("erasure/answer.html", answer=row), headers=NO_STORE)


@pages.post("/answers/<uuid:response_id>/hide")
@requires("editor")
def post_hide(response_id: uuid.UUID) -> Any:
    """Take its words out of every reader's sight, or show them again."""
    which = answers.one(web.session(), _company(), response_id)
    hidden = request.form.get("hidden", "yes") == "yes"
    answers.hide(web.session(), _company(), which, hidden, caller().name, web.now())
    return redirect(f"/answers/{response_id}", 303)


@pages.post("/answers/<uuid:response_id>/delete")
@requires("editor")
def post_delete(response_id: uuid.UUID) -> Any:
    touchpoint = responses.find(web.session(), _company(), response_id).touchpoint
    which = answers.one(web.session(), _company(), response_id)
    web.afterwards(write_ahead_log.empty)
    answers.remove(web.session(), _company(), which, caller().name, web.now())
    return redirect(f"/touchpoints/{touchpoint}" if touchpoint else "/touchpoints", 303)


@pages.get("/answers")
@requires("editor")
def show_answers() -> Response:
    """How many answers fit, and the newest of them, before they are hidden together."""
    return _several(request.args.to_dict())


@pages.post("/answers/hide")
@requires("editor")
def post_hide_all() -> Response:
    given, hidden = request.form.to_dict(), request.form.get("hidden", "yes") == "yes"
    where = _where(given)
    n = answers.hide(
        web.session(), _company(), answers.fitting(_company(), where), hidden, caller().name, web.now()
    )
    return _several(given, done=n)


@pages.post("/answers/delete")
@requires("editor")
def post_delete_all() -> Response:
    """Delete those that fit, a thousand at a time, once somebody has said that they are sure."""
    given, session, company = request.form.to_dict(), web.session(), _company()
    which = answers.fitting(company, _where(given))
    if given.get("sure") != "yes":
        return _several(given)
    gone, _left = db.retried(
        session, lambda: answers.remove_fitting(session, company, which, caller().name, web.now())
    )
    web.afterwards(write_ahead_log.empty)
    return _several(given, deleted=gone)


def _several(given: dict[str, str], done: int | None = None, deleted: int | None = None) -> Response:
    found: list[Answer] = []
    count, error = 0, None
    if given.get("touchpoint"):
        try:
            fits = answers.fitting(_company(), _where(given))
            count = web.session().scalar(select(func.count()).select_from(Answer).where(fits)) or 0
            newest = select(Answer).where(fits).order_by(Answer.received_at.desc()).limit(10)
            found = list(web.session().scalars(newest))
        except errors.BadInput as wrong:
            error = wrong
    html = render_template(
        "erasure/answers.html", given=given, found=found, count=count, done=done, deleted=deleted, error=error, sources=SOURCES,
        places=journeys.touchpoints(web.session(), _company(), limit=500).items, today=web.now().date(),
    )  # fmt: skip
    return Response(html, error.status if error else 200, NO_STORE)


def _where(given: dict[str, str]) -> dict[str, Any]:
    """What fits: a touchpoint in scope, a source, and the time in between (UTC, as the inputs say)."""
    touchpoint, source = given.get("touchpoint", ""), given.get("source", "volunteered")
    journeys.scoping.demand(web.session(), [touchpoint])
    if source not in SOURCES:
        raise errors.BadInput(
            "There is no such source.", fields={"source": ["must be one of: " + ", ".join(SOURCES)]}
        )
    return {
        "touchpoint": touchpoint,
        "source": source,
        "since": _moment(given, "from", time.min),
        "until": _moment(given, "to", time.max) + timedelta(minutes=1),
    }


def _moment(given: dict[str, str], name: str, otherwise: time) -> datetime:
    try:
        said = given.get(name) or datetime.combine(web.now().date(), otherwise).isoformat()
        return datetime.fromisoformat(said).replace(tzinfo=UTC)
    except ValueError:
        raise errors.BadInput("That is no time.", fields={name: ["must be a day and a time"]}) from None


def _company() -> uuid.UUID:
    return caller().company.workspace_id
