"""Sign in, sign out; keys over the API."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint as PageBlueprint
from flask import Response, redirect, render_template, request
from marshmallow import EXCLUDE, ValidationError

from collector import bodies, errors, signing, web
from collector.workspaces import access, actions, schemas
from collector.workspaces.throttle import Throttle

pages = PageBlueprint("sign_in", __name__, template_folder="templates")
api = web.Blueprint("keys", __name__, url_prefix="/api/v1", description="API keys")
FORM_COOKIE = "afterword_form"


@pages.get("/sign-in")
@web.public
def show_sign_in() -> Response:
    return _sign_in_page(request.args.get("next", "/"))


@pages.post("/sign-in")
@web.public
def post_sign_in() -> Any:
    _check_sign_in_form()
    try:
        form = schemas.SignInForm(unknown=EXCLUDE).load(request.form.to_dict())
    except ValidationError as error:
        raise bodies.invalid(error) from None
    throttle: Throttle = web.extension("afterword_sign_in_throttle")
    who = (form["email"], request.remote_addr)
    try:
        throttle.check(*who, web.now())
        _person, secret = actions.sign_in(web.session(), form["email"], form["password"], web.now())
    except errors.NotAuthenticated as error:
        throttle.failed(*who, web.now())
        return _sign_in_page(form["next"], error, form["email"])
    throttle.succeeded(*who)
    response = redirect(_local(form["next"]), 303)
    _set_cookie(response, access.COOKIE, secret, int(actions.SIGNED_IN_FOR.total_seconds()))
    return response


@pages.post("/sign-out")
@access.requires("person")
def post_sign_out() -> Any:
    actions.sign_out(web.session(), request.cookies.get(access.COOKIE, ""))
    response = redirect("/sign-in", 303)
    response.delete_cookie(access.COOKIE, path=web.addresses().root)
    return response


@api.route("/keys")
@access.requires("admin", "administrator")
@api.response(200, schemas.KeysOut)
def get_keys() -> Any:
    """List the API keys (never their text)."""
    return {"keys": actions.list_keys(web.session(), access.caller().workspace.workspace_id)}


@api.route("/keys", methods=["POST"])
@access.requires("admin", "administrator")
@api.arguments(schemas.KeyIn)
@api.response(201, schemas.NewKeyOut)
def post_key(given: dict[str, Any]) -> Any:
    """Make a key; its text is shown this once."""
    return actions.mint_key(web.session(), access.caller().workspace, given["kind"], given["name"], web.now())


@api.route("/keys/<kid>", methods=["DELETE"])
@access.requires("admin", "administrator")
@api.response(200, schemas.KeyOut)
def delete_key(kid: str) -> Any:
    """Revoke a key at once."""
    return actions.revoke_key(web.session(), access.caller().workspace.workspace_id, kid, web.now())


def _sign_in_page(next_url: str, error: errors.AfterwordError | None = None, email: str = "") -> Response:
    form = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(16)
    token = signing.sign_form(web.config().secret_key, form)
    page = render_template("sign_in.html", next=_local(next_url), error=error, email=email, csrf=token)
    response = Response(page, 401 if error else 200)
    _set_cookie(response, FORM_COOKIE, form, 3600)
    return response


def _check_sign_in_form() -> None:
    form = request.cookies.get(FORM_COOKIE, "")
    if not form or not signing.form_is_genuine(web.config().secret_key, request.form.get("csrf", ""), form):
        raise errors.NotAllowed("This form is no longer valid. Load the page again.", "bad_form_token")


def _set_cookie(response: Any, name: str, value: str, seconds: int) -> None:
    secure = web.config().url.startswith("https://")
    path = web.addresses().root
    response.set_cookie(name, value, max_age=seconds, path=path, secure=secure, httponly=True, samesite="Lax")


def _local(address: str) -> str:
    parts = urlsplit(address)
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return address if safe and "\\" not in address and address.isprintable() else "/"
