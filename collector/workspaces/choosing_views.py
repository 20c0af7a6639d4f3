"""Where somebody is in several workspaces: the choice on the way in, and going from one to another."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request

from collector import errors, web
from collector.workspaces import access, entering, forms, memberships, schemas, sign_ins
from collector.workspaces.memberships import Membership
from collector.workspaces.models import Person, SignIn
from collector.workspaces.throttle import Throttle

pages = Blueprint("workspaces", __name__, template_folder="templates")


@pages.get("/sign-in/workspace")
@web.public
def show_choice() -> Any:
    try:
        found, _ = entering.choice()
    except errors.NotAuthenticated:
        return redirect("/sign-in")
    return forms.page("workspace.html", found=found)


@pages.post("/sign-in/workspace")
@web.public
def post_choice() -> Any:
    chosen = forms.read(schemas.WorkspaceForm)["workspace"]
    found, shown = entering.choice()
    return entering.enter(_in(found, chosen), shown)


@pages.post("/me/workspaces/<uuid:workspace_id>")
@access.requires("person")
def post_switch(workspace_id: uuid.UUID) -> Any:
    """Go into another workspace, with the role and the scope that one has there."""
    here, own = _here()
    return entering.switch(here, own, _in(memberships.of(web.session(), here.also), workspace_id))


@pages.post("/me/workspaces")
@access.requires("person")
def post_join() -> Any:
    """Show by its password that one is in another workspace too; guessed as seldom as at the sign-in."""
    forms.demand_passwords()
    password, (here, own) = forms.load(schemas.OtherPasswordForm)["other"], _here()
    throttle: Throttle = web.extension("afterword_sign_in_throttle")
    own_email, now = own.email, web.now()
    who = (own_email, request.remote_addr)
    throttle.check(*who, now)
    if not memberships.join(web.session(), here, own, password):
        throttle.failed(*who, now)
        web.afterwards(lambda session: sign_ins.note_failure(session, own_email, now))
        return redirect("/me?saved=nowhere#workspaces", 303)
    return redirect("/me?saved=joined#workspaces", 303)


def _in(found: list[Membership], workspace_id: uuid.UUID) -> Person:
    for each in found:
        if each.person.workspace_id == workspace_id:
            return each.person
    raise errors.NotFound(
        "You are not in this workspace, or your password there has changed.", "unknown_workspace"
    )


def _here() -> tuple[SignIn, Person]:
    found = sign_ins.signed_in(web.session(), request.cookies.get(access.COOKIE, ""), web.now())
    assert found is not None
    return found[1], found[0]
