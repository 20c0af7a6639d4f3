"""What customers open besides the survey: the way out, short links, and the form behind a printed code.

A GET changes nothing here either: the unsubscribe page asks, and only its POST (a button, or a mail program's one
click as in RFC 8058) is an objection. Who calls too often waits, but nobody waits on the way out.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from collector import errors, invitations, web, workspaces
from collector.deliveries import actions, words
from collector.locale import best, direction

pages = Blueprint("ways", __name__, template_folder="templates")


@pages.get("/u/<token>")
@web.public
def show_unsubscribe(token: str) -> Response:
    try:
        workspace, _link = actions.read_unsubscribe(web.session(), token)
    except errors.NotAuthenticated as error:
        return _word("unknown", error.status)
    locale = _locale(workspace.locale)
    said = words.words(locale, workspace.name)
    return _page(locale, said["stop_title"], said["stop_question"], workspace.name, said["stop_button"])


@pages.post("/u/<token>")
@web.public
def post_unsubscribe(token: str) -> Response:
    try:
        workspace = actions.unsubscribe(web.session(), token, web.now())
    except errors.NotAuthenticated as error:
        return _word("unknown", error.status)
    locale = _locale(workspace.locale)
    return _page(locale, words.words(locale, workspace.name)["stopped"], company=workspace.name)


@pages.get("/m/<code>")
@web.public
def open_short_link(code: str) -> Any:
    """The short link of a text message leads to the survey."""
    workspaces.limit()
    try:
        invitation = _invitation(code)
    except errors.NotFound as error:
        return _word("unknown", error.status)
    return _lead(f"/s/{invitations.token_of(web.session(), invitation, web.now())}")


@pages.get("/m/<code>/stop")
@web.public
def open_short_stop(code: str) -> Any:
    """The short link out of a text message leads to the unsubscribe page."""
    try:
        customer = _invitation(code).customer
    except errors.NotFound as error:
        return _word("unknown", error.status)
    session = web.session()
    delivery = actions.by_code(session, code)
    return _lead(f"/u/{actions.unsubscribe_token(session, delivery, customer, web.now())}")


@pages.get("/f/<key>/<touchpoint>")
@web.public
def open_form(key: str, touchpoint: str) -> Any:
    """A fixed address for print and signs: each visit gets a form of its own for feedback that nobody asked for."""
    workspaces.limit(workspaces.FORMS)
    try:
        made = invitations.invite_volunteer(
            web.session(), key, touchpoint, request.args.get("lang"), web.now()
        )
    except errors.AfterwordError as error:
        return _word("unknown", error.status)
    if made is None:
        return _word("closed", 200)
    language = request.args.get("lang", "")
    query = f"?lang={language}" if language.replace("-", "").isalnum() else ""
    return _lead(f"/s/{made.token}{query}")


def _invitation(code: str) -> invitations.Invitation:
    delivery = actions.by_code(web.session(), code)
    return web.session().get_one(invitations.Invitation, (delivery.workspace_id, delivery.invitation_id))


def _lead(address: str) -> Any:
    response = redirect(address, 303)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _word(name: str, status: int) -> Response:
    locale = _locale()
    said = words.words(locale)
    response = _page(locale, said[name], said[f"{name}_more"])
    response.status_code = status
    return response


def _page(locale: str, title: str, text: str = "", company: str = "", button: str = "") -> Response:
    response = Response(
        render_template(
            "deliveries/word.html",
            locale=locale,
            dir=direction(locale),
            title=title,
            text=text,
            company=company,
            button=button,
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _locale(default: str = "en") -> str:
    asked = request.args.get("lang", "")
    return best([asked, *(tag for tag, _ in request.accept_languages)], words.all_words(), default)
