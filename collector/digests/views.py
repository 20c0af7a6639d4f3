"""The page on which somebody chooses their digest, and the way out that stands in each mail."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from collector import errors, web
from collector.digests import actions, rules
from collector.workspaces import Person, caller, company, requires

pages = Blueprint("digests", __name__, template_folder="templates")


@pages.get("/me/digest")
@requires("person")
def show_wish() -> Response:
    return _page()


@pages.post("/me/digest")
@requires("person")
def post_wish() -> Any:
    try:
        actions.want(web.session(), _person(), request.form.get("every", ""), web.now())
    except errors.BadInput as error:
        return _page(error)
    return redirect("/me/digest?saved", 303)


@pages.get("/digest/<key>")
@web.public
def show_stop(key: str) -> Response:
    """Asks; a GET changes nothing, since scanners open every link."""
    gettext = web.speaker().gettext
    return _word(
        gettext("Send me no more"),
        gettext("Shall no digest be sent to you any more?"),
        gettext("No more digests"),
    )


@pages.post("/digest/<key>")
@web.public
def post_stop(key: str) -> Response:
    """A button, or a mail program's one click (RFC 8058); the same answer for whoever had none."""
    actions.stop(web.session(), key, web.now())
    gettext = web.speaker().gettext
    return _word(
        gettext("Done. No digest is sent to you any more."),
        gettext("You can choose it again on your account page."),
    )


def _page(error: errors.AfterwordError | None = None) -> Response:
    wish = actions.of(web.session(), _person())
    config = web.config()
    html = render_template(
        "digests/wish.html",
        chosen=wish.every if wish else actions.NEVER,
        due_at=wish.due_at if wish else None,
        choices=(actions.NEVER, *rules.EVERY),
        has_mail=bool(config.smtp_url and company.sender(caller().company.settings, config.mail_from)),
        saved="saved" in request.args,
        error=error,
    )
    return Response(html, error.status if error else 200, {"Cache-Control": "private, no-store"})


def _word(title: str, text: str, button: str = "") -> Response:
    speaker = web.speaker()
    html = render_template(
        "deliveries/word.html",
        locale=speaker.language,
        dir=speaker.direction,
        title=title,
        text=text,
        button=button,
    )
    return Response(html, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


def _person() -> Person:
    person = caller().person
    assert person is not None
    return person
