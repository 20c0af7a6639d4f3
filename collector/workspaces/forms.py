"""Forms of people who are not signed in yet: a CSRF token bound to a cookie of their own, and the cookies they get."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import Response, redirect, render_template, request
from marshmallow import EXCLUDE, Schema, ValidationError

from collector import bodies, errors, signing, web
from collector.workspaces import access, sign_ins

COOKIE = "afterword_form"


def page(template: str, status: int = 200, **context: Any) -> Response:
    """A page with a form that only this browser can send back; kept by nobody."""
    form = request.cookies.get(COOKIE) or secrets.token_urlsafe(16)
    token = signing.sign_form(web.config().secret_key, form)
    html = render_template(template, csrf=token, **context)
    response = Response(html, status, {"Cache-Control": "private, no-store"})
    set_cookie(response, COOKIE, form, 3600)
    return response


def read(schema: type[Schema]) -> dict[str, Any]:
    """The form that was sent; raises 403 where it was not ours, 422 where it does not fit."""
    form = request.cookies.get(COOKIE, "")
    if not form or not signing.form_is_genuine(web.config().secret_key, request.form.get("csrf", ""), form):
        raise errors.NotAllowed("This form is no longer valid. Load the page again.", "bad_form_token")
    return load(schema)


def load(schema: type[Schema]) -> dict[str, Any]:
    """The fields of a form; raises 422 where they do not fit."""
    try:
        return dict(schema(unknown=EXCLUDE).load(request.form.to_dict()))
    except ValidationError as error:
        raise bodies.invalid(error) from None


def sign_in_page(next_url: str, error: errors.AfterwordError | None = None, email: str = "") -> Response:
    """The sign-in, by password, by the company's own sign-in service, or either."""
    return page(
        "sign_in.html",
        error.status if error else 200,
        next=local(next_url),
        error=error,
        email=email,
        by_password=web.config().passwords,
        by_openid=bool(web.config().oidc_issuer),
    )


def demand_passwords() -> None:
    """Raises 403 where people sign in by the company's own sign-in service alone."""
    if not web.config().passwords:
        raise errors.NotAllowed("Nobody signs in by a password here.", "passwords_off")


def enter(secret: str, address: str) -> Response:
    """Let a person in: their cookie, and on to the page they wanted."""
    response = redirect(local(address), 303)
    set_cookie(response, access.COOKIE, secret, int(sign_ins.SIGNED_IN_FOR.total_seconds()))
    return response  # type: ignore[return-value] # Werkzeug's own response class


def set_cookie(response: Any, name: str, value: str, seconds: int) -> None:
    secure = web.config().url.startswith("https://")
    path = web.addresses().root
    response.set_cookie(name, value, max_age=seconds, path=path, secure=secure, httponly=True, samesite="Lax")


def browser() -> str:
    """What the browser calls itself, as a person recognises it in a list."""
    agent = request.user_agent.string
    names = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    name = next((known for known in names if f"{known}/" in agent), "")
    system = next((known for known in systems if known in agent), "")
    return " · ".join(part for part in (name.replace("Edg", "Edge").replace("OPR", "Opera"), system) if part)


def local(address: str) -> str:
    """The same address where it is one of ours, else the start page."""
    parts = urlsplit(address)
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return address if safe and "\\" not in address and address.isprintable() else "/"
