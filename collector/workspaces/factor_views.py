"""The second factor's pages: asked for on the way in, set up by its owner."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, Response, redirect, render_template

from collector import errors, web
from collector.workspaces import access, entering, forms, schemas, second_factor, totp
from collector.workspaces.models import Person

pages = Blueprint("second_factor", __name__, template_folder="templates")


@pages.get("/sign-in/code")
@web.public
def show_code() -> Any:
    try:
        entering.half_way()
    except errors.NotAuthenticated:
        return redirect("/sign-in")
    return forms.page("code.html", error=None)


@pages.post("/sign-in/code")
@web.public
def post_code() -> Any:
    """Take a code: ten wrong ones, from wherever, and this account waits a quarter of an hour."""
    form = forms.read(schemas.CodeForm)
    person, shown = entering.half_way()
    try:
        entering.check_code(person, form["code"])
    except errors.BadInput as error:
        return forms.page("code.html", 422, error=error)
    return entering.finish(person, shown)


@pages.get("/me/factor")
@access.requires("person")
def show_factor() -> Any:
    """The secret, until its first code was typed."""
    return _page() if second_factor.pending(web.session(), _person()) else redirect("/me")


@pages.post("/me/factor")
@access.requires("person")
def post_factor() -> Any:
    second_factor.begin(web.session(), _person())
    return redirect("/me/factor", 303)


@pages.post("/me/factor/confirm")
@access.requires("person")
def post_confirm() -> Any:
    """The recovery codes are in the answer, this once."""
    code = forms.load(schemas.CodeForm)["code"]
    try:
        return _page(recovery=second_factor.confirm(web.session(), _person(), code, web.now()))
    except errors.BadInput as error:
        return _page(error=error) if second_factor.pending(web.session(), _person()) else redirect("/me", 303)


def _person() -> Person:
    person = access.caller().person
    assert person is not None
    return person


def _page(error: errors.AfterwordError | None = None, recovery: list[str] | None = None) -> Response:
    person = _person()
    row = second_factor.pending(web.session(), person)
    shown: dict[str, str] = {}
    if row is not None:
        address = totp.address(row.secret, access.caller().company.name, person.email)
        shown = {"key": totp.readable(row.secret), "picture": _picture(address)}
    html = render_template("factor.html", me=person, error=error, recovery=recovery, **shown)
    return Response(html, 422 if error else 200, {"Cache-Control": "private, no-store"})


def _picture(address: str) -> str:
    """Dark on light in dark mode too: scanners want it so."""
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True))
