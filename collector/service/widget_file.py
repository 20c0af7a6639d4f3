"""The widget's scripts: built ahead, compressed ahead."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, request

from collector import errors, web

pages = Blueprint("assets", __name__)
WIDGET = Path(__file__).parents[1] / "static" / "widget"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"), ("identity", ""))
PARTS = ("whole", "ask", "show", "extras", "tab", "later", "join")
"""All in one; the asking part, what it fetches to show a survey, what few surveys need, and three that any script fetches."""

FRESH = "public, max-age=3600, stale-while-revalidate=86400"
FOR_EVER = "public, max-age=31536000, immutable"


@pages.get("/widget/v1.js")
@web.public
def get_widget() -> Response:
    """The widget, compressed ahead; any page may load it, and a day's cache with an ETag keeps it fresh."""
    return _script("v1", FRESH)


@pages.get("/widget/v1.<stamp>.js")
@web.public
def get_build(stamp: str) -> Response:
    """A part by its name, or one build of a script by its stamp: an address whose content never changes."""
    if stamp in PARTS:
        return _script(f"v1.{stamp}", FRESH)
    if stamp in current():
        return _script(current()[stamp], FOR_EVER)
    if re.fullmatch("[0-9a-f]{16}", stamp) and (WIDGET / f"v1.{stamp}.js").exists():
        return _script(f"v1.{stamp}", FOR_EVER)
    raise errors.NotFound("There is no such build of the widget here.")


def _script(name: str, caching: str) -> Response:
    best = request.accept_encodings.best_match([name for name, _ in ENCODINGS], "identity")
    suffix = dict(ENCODINGS)[best or "identity"]
    body, etag = _read(name, suffix)
    response = Response(body, mimetype="text/javascript")
    if suffix:
        response.headers["Content-Encoding"] = best or ""
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = caching
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(etag)
    response.make_conditional(request)
    return response


@cache
def _read(name: str, suffix: str) -> tuple[bytes, str]:
    body = (WIDGET / f"{name}.js{suffix}").read_bytes()
    return body, sha256(body).hexdigest()[:16] + suffix.strip(".")


@cache
def current() -> dict[str, str]:
    """This collector's own scripts by their stamps: the first sixteen digits of their SHA-256."""
    return {_read(name, "")[1]: name for name in ("v1", *(f"v1.{part}" for part in PARTS))}
