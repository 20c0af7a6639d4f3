"""Sign in and out; open an account by its link; ask for a new password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request

from collector import errors, locale, web
from collector.workspaces import access, account_links, entering, forms, known, schemas, sign_ins
from collector.workspaces.limits import FORMS, limit
from collector.workspaces.models import Person, SignIn
from collector.workspaces.throttle import Throttle

pages = Blueprint("sign_in", __name__, template_folder="templates")


@pages.get("/sign-in")
@web.public
def show_sign_in() -> Response:
    return forms.sign_in_page(request.args.get("next", "/"))


@pages.post("/sign-in")
@web.public
def post_sign_in() -> Any:
    forms.demand_passwords()
    form = forms.read(schemas.SignInForm)
    throttle: Throttle = web.extension("afterword_sign_in_throttle")
    who = (form["email"], request.remote_addr)
    try:
        throttle.check(*who, web.now())
        people = sign_ins.recognised(web.session(), form["email"], form["password"])
    except errors.NotAuthenticated as error:
        waits = throttle.failed(*who, web.now())
        _note_failure(form["email"])
        if waits:
            _note_failure(form["email"], "sign_in_paused")
        return forms.sign_in_page(form["next"], error, form["email"])
    throttle.succeeded(*who)
    return entering.arrive(people, form["next"])


@pages.post("/sign-out")
@access.requires("person")
def post_sign_out() -> Any:
    sign_ins.sign_out(web.session(), request.cookies.get(access.COOKIE, ""), web.now())
    response = redirect("/sign-in", 303)
    response.delete_cookie(access.COOKIE, path=web.addresses().root)
    return response


@pages.get("/welcome/<secret>")
@web.public
def show_welcome(secret: str) -> Response:
    """The page behind an account's link; looking at it does not use it up (mail scanners look too)."""
    forms.demand_passwords()
    return _welcome_page(secret)


@pages.post("/welcome/<secret>")
@web.public
def post_welcome(secret: str) -> Any:
    forms.demand_passwords()
    form = forms.read(schemas.WelcomeForm)
    language = form["language"] if form["language"] in locale.LANGUAGES else None
    try:
        person = account_links.use(web.session(), secret, form["password"], web.now(), form["name"], language)
    except errors.BadInput as error:
        return _welcome_page(secret, error, form["name"])
    sign_ins.end_all(web.session(), person)
    return entering.arrive([person], "/")


@pages.post("/welcome/<secret>/own")
@web.public
def post_welcome_own(secret: str) -> Any:
    """Open an invitation with the account that one is signed in with, in another workspace."""
    forms.read(schemas.OwnAccountForm)
    found = _signed_in()
    if found is None:
        raise errors.NotAuthenticated("This sign-in is over. Begin again.", "sign_in_over")
    own, here = found
    return entering.switch(here, own, account_links.use_as(web.session(), secret, own, web.now()))


@pages.get("/forgot")
@web.public
def show_forgot() -> Response:
    forms.demand_passwords()
    return forms.page("forgot.html", sent=False, by_mail=bool(web.config().smtp_url))


@pages.post("/forgot")
@web.public
def post_forgot() -> Response:
    """The same answer for every address; the mail itself leaves later, so that its time tells nothing either."""
    forms.demand_passwords()
    form = forms.read(schemas.ForgotForm)
    limit(FORMS)
    if by_mail := bool(web.config().smtp_url):
        account_links.forgotten(web.session(), form["email"], web.now())
    return forms.page("forgot.html", sent=True, by_mail=by_mail)


def _signed_in() -> tuple[Person, SignIn] | None:
    return sign_ins.signed_in(web.session(), request.cookies.get(access.COOKIE, ""), web.now())


def _note_failure(email: str, verb: str = "sign_in_failed") -> None:
    now = web.now()
    web.afterwards(lambda session: sign_ins.note_failure(session, email, now, verb))


def _welcome_page(secret: str, error: errors.AfterwordError | None = None, name: str = "") -> Response:
    link, person = account_links.find(web.session(), secret, web.now())
    found = _signed_in()
    own = found[0] if found and account_links.is_for(link, person, found[0]) else None
    return forms.page(
        "welcome.html",
        422 if error else 200,
        purpose=link.purpose,
        own=known.facts(web.session(), own.workspace_id).name if own else None,
        person_name=name or person.name,
        email=person.email,
        error=error,
        languages=locale.LANGUAGES,
    )
