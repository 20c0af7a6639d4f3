"""The widget's script: built ahead, compressed ahead."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, request

from collector import web

pages = Blueprint("assets", __name__)
WIDGET = Path(__file__).parents[1] / "static" / "widget"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"), ("identity", ""))


@pages.get("/widget/v1.js")
@web.public
def get_widget() -> Response:
    """The widget, compressed ahead; any page may load it, and a day's cache with an ETag keeps it fresh."""
    best = request.accept_encodings.best_match([name for name, _ in ENCODINGS], "identity")
    suffix = dict(ENCODINGS)[best or "identity"]
    body, etag = _read(suffix)
    response = Response(body, mimetype="text/javascript")
    if suffix:
        response.headers["Content-Encoding"] = best or ""
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=3600, stale-while-revalidate=86400"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(etag)
    response.make_conditional(request)
    return response


@cache
def _read(suffix: str) -> tuple[bytes, str]:
    body = (WIDGET / f"v1.js{suffix}").read_bytes()
    return body, sha256(body).hexdigest()[:16] + suffix.strip(".")
