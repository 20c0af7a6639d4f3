"""Why nothing is shown, told to pages on the developer's own machine alone: there the widget says it on the console."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, request
from sqlalchemy.orm import Session

from collector import clock, errors, invitations, test_mode, web

HEADER = "Afterword-Why"


def tell(response: Response) -> Response:
    """Add the reason to an answer that shows nothing, where the page is local."""
    if request.method != "GET" or response.status_code == 200 or not _page_is_local():
        return response
    response.headers["Access-Control-Expose-Headers"] = HEADER
    if HEADER in response.headers:
        return response
    said = response.get_json(silent=True) if response.status_code >= 400 else None
    text = f"{said.get('code')}: {said.get('detail')}" if isinstance(said, dict) else _reason(web.session())
    response.headers[HEADER] = text.encode("ascii", "replace").decode()[:300]
    return response


def _page_is_local() -> bool:
    """Whether the page that calls was served by the machine on which its browser runs."""
    page = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        host = urlsplit(page).hostname or ""
    except ValueError:
        return False
    return host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost")


def _reason(session: Session) -> str:
    """The decision behind the link, else what is missing."""
    query: Any = request.args
    if token := query.get("token"):
        try:
            return _decided(session, token)
        except errors.AfterwordError as error:
            return error.detail
    if query.get("customer"):
        return "nothing is pending for this customer"
    return "no survey is published at this touchpoint, or its form is switched off"


def _decided(session: Session, token: str) -> str:
    if test_mode.is_test(session, token):
        row = test_mode.opened(session, token, web.now())
        return f"{row.reason}: {row.rule}"
    if until := invitations.put_off_until(session, token, web.now()):
        return f"later: the customer put it off; it is asked again from {clock.iso(until)}"
    decision = invitations.decision_of(session, token, web.now())
    return f"{decision.reason}: {decision.rule}" if decision else "nothing was triggered under this link yet"
