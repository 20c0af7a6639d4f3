"""What a browser calls: the survey, the answer, what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy.orm import Session

from collector import errors, invitations, test_mode, web, workspaces
from collector.responses import event_lane, lane, schemas, serving, telling, trying
from collector.responses.asked_schema import AskedOut
from collector.responses.flooding import over_a_limit

browser = web.Blueprint("widget", __name__, url_prefix="/w/v1", description="What the widget calls")
HEADER_NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}(, ?[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}){0,31}")


@browser.route("/survey")
@web.short
@web.public
@browser.arguments(schemas.SurveyQuery, location="query")
@browser.alt_response(200, schema=AskedOut, description="The survey in the best locale", success=True)
@browser.alt_response(204, description="Nothing to ask", success=True)
@browser.alt_response(401)
@browser.alt_response(403)
@browser.alt_response(410)
@browser.alt_response(429)
def get_survey(query: dict[str, Any]) -> Any:
    """The survey to show, in the best locale."""
    if link := _test_link(query):
        return _tried(link, query)
    if query["token"]:
        return _looked_up(serving.by_token, query["token"], query)
    if query["customer"]:
        return _looked_up(serving.by_customer, query["customer"], query)
    if query["key"] and query["touchpoint"]:
        workspaces.limit(workspaces.FORMS)
        known = query["key"], query["touchpoint"], query["locale"]
        return _shown(web.session(), serving.volunteered(web.session(), *known, web.now()), query)
    missing = {"token": ["missing"]}
    raise errors.BadInput("Send token=, or customer=, or key= and touchpoint=.", "missing_source", missing)


@browser.route("/responses", methods=["POST"])
@web.short
@web.public
@browser.arguments(schemas.ResponseIn)
@browser.alt_response(201, schema=schemas.ResponseOut, description="New", success=True)
@browser.alt_response(
    200, schema=schemas.ResponseOut, description="The same again, or more of it", success=True
)
@browser.alt_response(401)
@browser.alt_response(404)
@browser.alt_response(409)
@browser.alt_response(410)
@browser.alt_response(429)
def post_response(given: dict[str, Any]) -> Any:
    """Take an answer; a retry changes nothing."""
    fast: lane.Lane = web.extension("afterword_answers")
    now = web.now()
    submitted = fast.submit(given, now) or web.apart(
        lambda session: trying.submit(session, given, now, over_a_limit)
    )
    shown = {"response_id": str(submitted.response_id), "complete": submitted.complete}
    return jsonify(shown | {"answers": sorted(submitted.answers)}), 201 if submitted.is_new else 200


@browser.route("/events", methods=["POST"])
@web.short
@web.public
@browser.arguments(schemas.EventIn)
@browser.alt_response(202, schema=schemas.NotedOut, description="Noted", success=True)
@browser.alt_response(401)
@browser.alt_response(409)
@browser.alt_response(410)
@browser.alt_response(429)
def post_event(given: dict[str, Any]) -> Any:
    """Note that a survey was shown, dismissed, abandoned or put off; 409 where it may not be put off (again)."""
    fast: event_lane.EventLane = web.extension("afterword_events")
    told = given["token"], given["event"], web.now()
    if not fast.note(*told):
        web.apart(lambda session: trying.note(session, *told))
    return jsonify({}), 202


def allow_every_page(response: Response) -> Response:
    """Any page may call: the token is the right, and no cookie is read."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    if request.method == "OPTIONS":
        # Whatever a host's tracing adds to its calls (traceparent, sentry-trace, x-datadog-...); none of it is read.
        asked = request.headers.get("Access-Control-Request-Headers", "")
        response.headers["Access-Control-Allow-Headers"] = asked if HEADER_NAMES.fullmatch(asked) else "*"
        response.headers["Vary"] = "Access-Control-Request-Headers"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


browser.before_request(workspaces.limit)
browser.after_request(allow_every_page)
browser.after_request(telling.tell)


def _nothing() -> Response:
    """204: no body, and so no media type either, which Flask would put there (RFC 9110, 8.3)."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response


def _test_link(query: dict[str, Any]) -> str | None:
    """The link or customer token of this call, if it was signed in test mode."""
    link: str | None = query["token"] or query["customer"]
    return link if link and test_mode.is_test(web.reader(), link) else None


def _tried(link: str, query: dict[str, Any]) -> Any:
    preferred = [query["locale"], *_accepted()]
    now, of_customer = web.now(), not query["token"]
    survey = web.apart(lambda session: trying.survey(session, link, now, preferred, of_customer), writes=True)
    return _nothing() if survey is None else jsonify(serving.refuse_answered(survey))


def _looked_up(look: Callable[..., serving.Asked | None], token: str, query: dict[str, Any]) -> Any:
    """Look as a reader, who waits for nobody; as a writer only where something must be decided first."""
    try:
        asked = look(web.reader(), token, web.now(), may_write=False)
    except invitations.Undecided:
        return web.apart(lambda session: _shown(session, look(session, token, web.now()), query), writes=True)
    return _shown(web.reader(), asked, query)


def _shown(session: Session, asked: serving.Asked | None, query: dict[str, Any]) -> Any:
    """What is asked, in the best locale; 204 where nothing is, in a page at least."""
    if asked is None:
        return _nothing()
    if asked.is_for_the_page:
        nothing = _nothing()
        nothing.headers[telling.HEADER] = "it asks about a picture: by link, mail or QR code, never in a page"
        return nothing
    preferred = [query["locale"], asked.invitation.locale if asked.invitation else None, *_accepted()]
    survey = serving.refuse_answered(serving.localised(session, asked, preferred))
    return jsonify(serving.with_offers(session, survey, asked, web.now()))


def _accepted() -> list[str]:
    return [tag for tag, _ in request.accept_languages]
