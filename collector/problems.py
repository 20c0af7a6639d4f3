"""Errors as answers: a problem document for programs, a page for people, a line in the log that tells no secret."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import cast

import structlog
from flask import Response, current_app, g, jsonify, redirect, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge

from collector import db, errors

log = structlog.get_logger("collector.web")
UNSTORABLE = errors.BadInput("A value is too large or too long to be stored.", "unstorable_value")
UNAVAILABLE = errors.Unavailable("The database cannot be reached or is busy. Try again.", retry_after=2)


def answer_problem(error: errors.AfterwordError) -> Response:
    """The error as a problem document, or as a page for people."""
    if _wants_page():
        response = Response(render_template("error.html", error=error), error.status)
    else:
        problem = error.problem()
        response = jsonify(
            problem | {"type": current_app.extensions["afterword_addresses"].here(problem["type"])}
        )
        response.mimetype = "application/problem+json"
        response.status_code = error.status
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def answer_http_error(error: HTTPException) -> Response:
    """Werkzeug's own errors (404, 405, 413 ...) in the same shape."""
    if isinstance(error, RequestEntityTooLarge):
        return answer_problem(
            errors.BodyTooLarge(f"The body may hold at most {request.max_content_length} bytes.")
        )
    if isinstance(beneath := getattr(error, "original_exception", None), Exception):  # raised by the commit
        return answer_unexpected(beneath)
    if isinstance(error, NotFound) and (known := _without_slash()):
        return known
    if error.response is not None:
        return cast(Response, error.response)
    status = error.code or 500
    kind = type("HttpError", (errors.AfterwordError,), {"status": status, "title": error.name})
    code = HTTPStatus(status).name.lower()
    response = answer_problem(kind(error.description or error.name, code))
    response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return response


def answer_unexpected(error: Exception) -> Response:
    """What no rule foresaw. The log names the route and never the path, which may hold a customer's token."""
    route = request.url_rule.rule if request.url_rule else "none"
    if db.is_unstorable(error):
        log.warning("unstorable_value", route=route, method=request.method, error=type(error).__name__)
        return answer_problem(UNSTORABLE)
    if db.is_passing(error):
        log.error("database_unavailable", route=route, error=str(getattr(error, "orig", None) or error))
        _give_up_connection()
        return answer_problem(UNAVAILABLE)
    _undo()  # nobody waits for the database while this is written down
    log.exception("unexpected_error", route=route, method=request.method, exc_info=error)
    return answer_problem(errors.AfterwordError("Something went wrong on our side; nothing was stored."))


def _undo() -> None:
    """End this request's transaction, with all that it has done and all that it holds."""
    if "session" in g:
        with suppress(SQLAlchemyError):
            g.session.rollback()


def _give_up_connection() -> None:
    """Hand the connection of this request to nobody else: its server may have become a copy that takes no writes."""
    for name in ("session", "reader"):
        if name in g:
            g.pop(name).invalidate()


def _without_slash() -> Response | None:
    """A redirect to the address without its last slash, where there is a page and someone looks for it."""
    if request.method not in {"GET", "HEAD"} or not request.path.endswith("/"):
        return None
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, arguments = adapter.match(f"/{request.path.strip('/')}", "GET")  # type: ignore[union-attr]
    except HTTPException:
        return None
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return cast(Response, redirect(adapter.build(endpoint, arguments) + query, 308))  # type: ignore[union-attr]


def _wants_page() -> bool:
    if request.path.startswith(
        ("/api/", "/w/", "/in/", "/widget/", "/openapi", "/metrics", "/livez", "/readyz")
    ):
        return False
    return request.accept_mimetypes.accept_html or not request.accept_mimetypes
