"""What every answer says to browsers about itself: what may run in it, who may frame it, who may keep it."""

from __future__ import annotations

import secrets
from typing import cast
from urllib.parse import urlsplit

from flask import Response, g

NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""The content policy of what is no page; a page's is made for each answer, with a nonce."""
SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def add(response: Response, is_https: bool) -> Response:
    """Give an answer the headers that its view has not set itself."""
    is_page = (response.mimetype or "").startswith(("text/html", "image/svg"))
    wanted = [*SAFE, ("Content-Security-Policy", _policy() if is_page else NOTHING)]
    if "caller" in g:  # nothing that took a key or a sign-in is kept by a browser or a proxy
        wanted.append(("Cache-Control", "private, no-store"))
    if is_https:
        wanted.append(("Strict-Transport-Security", "max-age=31536000"))
    headers = response.headers
    there = {name.lower() for name, _ in headers}  # once: each look by name goes through all of them
    for name, said in wanted:
        if name.lower() not in there:
            headers.add(name, said)
    return response


def show_image(address: str) -> None:
    """Let this answer's page show an image from elsewhere, such as the company's logo."""
    g.csp_images = (*g.get("csp_images", ()), address)


def csp_nonce() -> str:
    """The nonce that this answer's inline scripts and styles must carry."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return cast(str, g.csp_nonce)


def _policy() -> str:
    nonce, images = csp_nonce(), "".join(f" {_source(each)}" for each in g.get("csp_images", ()))
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        f"img-src 'self' data:{images}; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "frame-src 'self'; base-uri 'none'; frame-ancestors 'self'"
    )


def _source(address: str) -> str:
    """The origin of an address, as a policy names it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
