"""A person's own account: name, language, password, and where they are signed in."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from collector import errors, locale, web
from collector.workspaces import (
    access,
    entering,
    forms,
    memberships,
    people,
    schemas,
    second_factor,
    sign_ins,
)
from collector.workspaces.models import Person
from collector.workspaces.throttle import Throttle

pages = Blueprint("own_account", __name__, template_folder="templates")


@pages.get("/me")
@access.may_sign_in_only
def show_me() -> Response:
    return _page(saved=request.args.get("saved", ""))


@pages.post("/me")
@access.requires("person")
def post_me() -> Any:
    """Change name and language."""
    form = forms.load(schemas.OwnForm)
    person = _person()
    person.name = form["name"].strip() or person.name
    person.locale = form["language"] if form["language"] in locale.LANGUAGES else person.locale
    return redirect("/me?saved=you", 303)


@pages.post("/me/password")
@access.requires("person")
def post_password() -> Any:
    """Whoever has only taken over a signed-in browser guesses the present password as seldom as at the sign-in."""
    forms.demand_passwords()
    form, cookie = forms.load(schemas.PasswordForm), request.cookies.get(access.COOKIE, "")
    throttle: Throttle = web.extension("afterword_sign_in_throttle")
    email, now = _person().email, web.now()
    who = (email, request.remote_addr)
    throttle.check(*who, now)
    try:
        people.change_password(web.session(), _person(), form["old"], form["password"], cookie, now)
    except errors.BadInput as error:
        if error.code == "wrong_password":
            throttle.failed(*who, now)
            web.afterwards(lambda session: sign_ins.note_failure(session, email, now))
        return _page(error=error)
    throttle.succeeded(*who)
    return redirect("/me?saved=password", 303)


@pages.post("/me/sign-ins/<uuid:sign_in_id>/end")
@access.requires("person")
def post_end(sign_in_id: uuid.UUID) -> Any:
    """Sign out another browser."""
    sign_ins.end(web.session(), _person(), sign_in_id, web.now())
    return redirect("/me?saved=ended", 303)


@pages.post("/me/factor/end")
@access.requires("person")
def post_factor_end() -> Any:
    """End one's second factor; whoever has only taken over a signed-in browser cannot: it takes a code."""
    code, person = forms.load(schemas.CodeForm)["code"], _person()
    try:
        entering.check_code(person, code)
    except errors.BadInput as error:
        return _page(error=error)
    second_factor.end(web.session(), person, person.email, web.now())
    return redirect("/me?saved=factor", 303)


def _person() -> Person:
    person = access.caller().person
    assert person is not None
    return person


def _page(saved: str = "", error: errors.AfterwordError | None = None) -> Response:
    person, cookie = _person(), request.cookies.get(access.COOKIE, "")
    here = sign_ins.signed_in(web.session(), cookie, web.now())
    html = render_template(
        "me.html",
        me=person,
        browsers=sign_ins.of_person(web.session(), person, web.now()),
        here=here[1].sign_in_id if here else None,
        languages=locale.LANGUAGES,
        has_factor=second_factor.of(web.session(), person) is not None,
        by_password=web.config().passwords,
        others=memberships.of(web.session(), here[1].also) if here else [],
        several=memberships.are_several(web.session()),
        company=access.caller().company.name,
        saved=saved,
        error=error,
    )
    return Response(html, 422 if error else 200, {"Cache-Control": "private, no-store"})
