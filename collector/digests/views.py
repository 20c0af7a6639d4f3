"""The page and the calls by which somebody chooses what mails they get, and the way out that stands in each mail."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from collector import errors, web
from collector.digests import actions, rules, schemas, wishes
from collector.workspaces import Person, caller, company, requires

api = web.Blueprint(
    "digest", __name__, url_prefix="/api/v1", description="What somebody who is signed in is told by mail"
)
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
        given = {kind: request.form[kind] for kind in wishes.KINDS if kind in request.form}
        wishes.want(web.session(), _person(), given, web.now())
    except errors.BadInput as error:
        return _page(error)
    return redirect("/me/digest?saved", 303)


@pages.get("/digest/<key>")
@web.public
def show_stop(key: str) -> Response:
    """Asks; a GET changes nothing, since scanners open every link."""
    gettext = web.speaker().gettext
    if wishes.by_stop_key(web.session(), key):
        said = gettext("Shall nothing be sent to you at once any more?")
        return _word(gettext("Send me no more"), said, gettext("Nothing at once any more"))
    return _word(
        gettext("Send me no more"),
        gettext("Shall no digest be sent to you any more?"),
        gettext("No more digests"),
    )


@pages.post("/digest/<key>")
@web.public
def post_stop(key: str) -> Response:
    """A button, or a mail program's one click (RFC 8058); the same answer for whoever had none."""
    gettext = web.speaker().gettext
    if wishes.stop(web.session(), key, web.now()):
        title = gettext("Done. Nothing is sent to you at once any more.")
        return _word(title, gettext("You can choose it again on your account page."))
    actions.stop(web.session(), key, web.now())
    return _word(
        gettext("Done. No digest is sent to you any more."),
        gettext("You can choose it again on your account page."),
    )


@api.route("/me/digest")
@requires("person")
@api.response(200, schemas.WishesOut)
def get_digest() -> Any:
    """How often your digest comes, and what you are told at once."""
    return _said()


@api.route("/me/digest", methods=["PUT"])
@requires("person")
@api.arguments(schemas.WishesIn)
@api.response(200, schemas.WishesOut)
def put_digest(given: dict[str, Any]) -> Any:
    """Say how often your digest is to come, and what you want to be told at once; what is left out stays."""
    if "every" in given:
        actions.want(web.session(), _person(), given.pop("every"), web.now())
    wishes.want(web.session(), _person(), given, web.now())
    return _said()


def _said() -> dict[str, Any]:
    digest = actions.of(web.session(), _person())
    often = (
        {"every": digest.every, "next": digest.due_at} if digest else {"every": actions.NEVER, "next": None}
    )
    return often | wishes.of(web.session(), _person())


def _page(error: errors.AfterwordError | None = None) -> Response:
    wish = actions.of(web.session(), _person())
    config = web.config()
    html = render_template(
        "digests/wish.html",
        chosen=wish.every if wish else actions.NEVER,
        due_at=wish.due_at if wish else None,
        choices=(actions.NEVER, *rules.EVERY),
        told=wishes.of(web.session(), _person()),
        when=wishes.WHEN,
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
