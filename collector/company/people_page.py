"""The people's page: who may sign in, as what, and the link with which somebody opens their account."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from collector import errors, web
from collector.company import stakeholders
from collector.company.people_api import link
from collector.workspaces import Person, account_links, caller, people, requires, second_factor

pages = Blueprint("company", __name__, template_folder="templates")


@pages.get("/people")
@requires("administrator")
def show_people() -> Response:
    return _page()


@pages.post("/people")
@requires("administrator")
def post_person() -> Any:
    """Invite somebody: by mail, or by a link that the page shows this once."""
    form = request.form
    try:
        made = people.invite(
            web.session(), _workspace(), form.get("email", ""), form.get("role", ""), stakeholders.ticked(request.form), caller().name,
            web.now(), form.get("name", "")[:120],
        )  # fmt: skip
    except (errors.BadInput, errors.Conflict) as error:
        return _page(error=error)
    if form.get("by") == "mail" and web.config().smtp_url and web.config().passwords:
        account_links.post(web.session(), made.person, web.now())
        return _page(made=(made.person, ""))
    return _page(made=(made.person, link(made.secret)))


@pages.post("/people/<uuid:person_id>/role")
@requires("administrator")
def post_role(person_id: uuid.UUID) -> Any:
    try:
        people.set_role(
            web.session(),
            _person(person_id),
            request.form.get("role", ""),
            stakeholders.ticked(request.form),
            caller().name,
            web.now(),
        )
    except (errors.BadInput, errors.Conflict) as error:
        return _page(error=error)
    return redirect("/people", 303)


@pages.post("/people/<uuid:person_id>/reset")
@requires("administrator")
def post_reset(person_id: uuid.UUID) -> Any:
    """A link for somebody who is locked out; the page shows it this once."""
    person = _person(person_id)
    try:
        secret = people.reset(web.session(), person, caller().name, web.now())
    except errors.Conflict as error:
        return _page(error=error)
    return _page(made=(person, link(secret)))


@pages.post("/people/<uuid:person_id>/factor/end")
@requires("administrator")
def post_factor_end(person_id: uuid.UUID) -> Any:
    """For somebody who has lost their device and their recovery codes."""
    second_factor.end(web.session(), _person(person_id), caller().name, web.now())
    return redirect("/people", 303)


@pages.post("/people/<uuid:person_id>/end")
@requires("administrator")
def post_end(person_id: uuid.UUID) -> Any:
    try:
        people.end(web.session(), _person(person_id), caller().name, web.now())
    except errors.Conflict as error:
        return _page(error=error)
    return redirect("/people", 303)


def _page(made: tuple[Person, str] | None = None, error: errors.AfterwordError | None = None) -> Response:
    html = render_template(
        "company/people.html",
        people=people.list_people(web.session(), _workspace()),
        owners=stakeholders.known(),
        roles=people.ROLES,
        with_factor=second_factor.whose(web.session(), _workspace()),
        typed=request.form if error else {},
        made=made,
        by_mail=bool(web.config().smtp_url) and web.config().passwords,
        error=error,
    )
    return Response(html, error.status if error else 200, {"Cache-Control": "private, no-store"})


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id


def _person(person_id: uuid.UUID) -> Person:
    return people.get(web.session(), _workspace(), person_id)
