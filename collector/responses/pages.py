"""The hosted page ``/s/<token>``: the survey behind a link, a QR code or an e-mail line; works without JavaScript.

A GET never records, whatever its address says: mail scanners and link previews leave no answer.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from collector import errors, invitations, safe_headers, test_mode, web, workspaces
from collector.communities import panels, runs
from collector.instruments import shows_number
from collector.locale import best, direction
from collector.responses import form, page_words, serving, trying
from collector.responses.flooding import over_a_limit

pages = Blueprint("hosted", __name__, template_folder="templates")
pages.before_request(workspaces.limit)
STATES = {
    "invitation_expired": "expired",
    "invitation_answered": "answered",
    "survey_closed": "closed",
    "member_left": "left",
    "bad_token": "unknown",
}


@pages.get("/s/<token>")
@web.public
def show_survey(token: str) -> Response:
    try:
        survey = _survey(token)
    except errors.AfterwordError as error:
        return _end(STATES.get(error.code, "unknown"), error.status, token)
    if survey is None:
        return _end("nothing", 200, token)
    if survey["answered"]["complete"]:
        return _end("thanks" if "thanks" in request.args else "answered", 200, token, survey)
    return _page("ask", 200, survey, token)


@pages.post("/s/<token>")
@web.public
def post_answer(token: str) -> Any:
    """The plain form's way in: what the widget does by script."""
    try:
        survey = _survey(token)
        if survey is None:
            return _end("nothing", 200, token)
        given = form.submission(request.form, survey, token)
        trying.submit(web.session(), given, web.now(), over_a_limit)
    except (errors.Gone, errors.Conflict, errors.NotAuthenticated) as error:
        return _end(STATES.get(error.code, "answered"), error.status, token)
    except errors.BadInput:
        return _page("ask", 422, _survey(token), token, problem=True)
    return redirect(f"/s/{token}?thanks" if given["complete"] else f"/s/{token}", 303)


@pages.get("/pictures/<uuid:workspace_id>/<digest>")
@web.public
def show_picture(workspace_id: uuid.UUID, digest: str) -> Response:
    """A picture that a run asks about; the address is that of its bytes, so it may be kept for ever."""
    row = runs.pictures.shown(web.session(writes=False), workspace_id, digest)
    if row is None:
        raise errors.NotFound("There is no such picture.", "no_picture")
    response = Response(row.content, mimetype=row.media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _survey(token: str) -> dict[str, Any] | None:
    session = web.session(writes=True)
    if test_mode.is_test(session, token):
        return trying.survey(session, token, web.now(), [request.args.get("lang"), *_accepted()])
    asked = serving.by_token(session, token, web.now(), also_put_off=True)
    picture = serving.picture(session, asked) if asked and asked.is_for_the_page else None
    if asked is None or (asked.is_for_the_page and picture is None):
        return None
    own = asked.invitation.locale if asked.invitation else None
    survey = serving.localised(session, asked, [request.args.get("lang"), own, *_accepted()])
    return {**survey, "picture": picture}


def _page(
    state: str, status: int, survey: dict[str, Any] | None, token: str, problem: bool = False
) -> Response:
    company, locale = _sender(token)
    locale = survey["locale"] if survey else locale
    words = page_words.words(locale) | (survey["words"] if survey else {})
    page = render_template(
        "hosted.html",
        state=state,
        problem=problem,
        survey=survey,
        company=company,
        colours=_colours(company),
        words=words,
        locale=locale,
        dir=direction(locale),
        token=token,
        script_url="/widget/v1.js",
        post_url=f"/s/{token}",
        response_id=(survey["answered"]["response_id"] if survey else None) or str(uuid.uuid4()),
        preset=request.args.get("score", ""),
        shows_number=shows_number,
        offer=_offer(token) if survey and not test_mode.is_test(web.session(), token) else None,
    )
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _offer(token: str) -> str | None:
    """Where whoever has answered may say that they may be asked again."""
    found = invitations.customer_of(web.session(), token, web.now())
    return panels.links.offer(web.session(), *found, web.now()) if found else None


def _end(state: str, status: int, token: str, survey: dict[str, Any] | None = None) -> Response:
    return _page(state, status, survey, token)


def _sender(token: str) -> tuple[workspaces.WorkspaceFacts | None, str]:
    """(company, locale) of a link, of which a genuine one keeps the language in which it was sent."""
    sender = invitations.sender(web.session(), token)
    own = sender[1] if sender else None
    wanted = [tag for tag in (request.args.get("lang"), own, *_accepted()) if tag]
    company = workspaces.facts(web.session(), sender[0]) if sender else None
    if company and company.logo_url:
        safe_headers.show_image(company.logo_url)
    return company, best(wanted, page_words.all_words(), "en")


def _colours(company: workspaces.WorkspaceFacts | None) -> dict[str, workspaces.colours.Accent]:
    """The company's colour by day and by night; empty where it has said none."""
    colour = company.settings.get("colour") if company else None
    papers = {"light": workspaces.colours.LIGHT, "dark": workspaces.colours.DARK}
    return (
        {scheme: workspaces.colours.on(colour, paper) for scheme, paper in papers.items()} if colour else {}
    )


def _accepted() -> list[str]:
    return [tag for tag, _ in request.accept_languages]
