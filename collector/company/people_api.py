"""``/api/v1/people``: who may sign in, and as what."""

from __future__ import annotations

import uuid
from typing import Any

from collector import web
from collector.company import schemas, stakeholders
from collector.workspaces import Person, caller, people, requires, scopes, second_factor

api = web.Blueprint("people", __name__, url_prefix="/api/v1", description="People, their roles and scopes")
WHO = ("admin", "administrator")


@api.route("/people")
@requires(*WHO)
@api.response(200, schemas.PeopleOut)
def get_people() -> Any:
    """Everybody who may sign in, or could once."""
    return {"people": people.list_people(web.session(), _workspace())}


@api.route("/people", methods=["POST"])
@requires(*WHO)
@api.arguments(schemas.PersonIn)
@api.response(201, schemas.InvitedOut)
@api.alt_response(409, description="Somebody with this address is here already")
def post_person(given: dict[str, Any]) -> Any:
    """Invite somebody; the link that opens their account is shown this once."""
    scope = scopes.checked(given["scope"], stakeholders.keys())
    made = people.invite(
        web.session(), _workspace(), given["email"], given["role"], scope, caller().name, web.now(),
        given["name"],
    )  # fmt: skip
    return {"person": made.person, "link": link(made.secret)}


@api.route("/people/<uuid:person_id>", methods=["PATCH"])
@requires(*WHO)
@api.arguments(schemas.RoleIn)
@api.response(200, schemas.PersonOut)
@api.alt_response(409, description="No administrator would be left")
def patch_person(given: dict[str, Any], person_id: uuid.UUID) -> Any:
    """Give somebody another role or scope."""
    person = _person(person_id)
    role = given.get("role", person.role)
    scope = scopes.checked(given["scope"], stakeholders.keys()) if "scope" in given else person.scope
    return people.set_role(web.session(), person, role, scope, caller().name, web.now())


@api.route("/people/<uuid:person_id>/reset", methods=["POST"])
@requires(*WHO)
@api.response(201, schemas.InvitedOut)
@api.alt_response(409, description="They have left")
def post_reset(person_id: uuid.UUID) -> Any:
    """A link with which somebody chooses a new password; shown this once."""
    person = _person(person_id)
    secret = people.reset(web.session(), person, caller().name, web.now())
    return {"person": person, "link": link(secret)}


@api.route("/people/<uuid:person_id>/second-factor", methods=["DELETE"])
@requires(*WHO)
@api.response(200, schemas.PersonOut)
def delete_second_factor(person_id: uuid.UUID) -> Any:
    """Ask somebody for no second factor any more: they have lost their device and their recovery codes."""
    person = _person(person_id)
    second_factor.end(web.session(), person, caller().name, web.now())
    return person


@api.route("/people/<uuid:person_id>", methods=["DELETE"])
@requires(*WHO)
@api.response(200, schemas.PersonOut)
@api.alt_response(409, description="No administrator would be left")
def delete_person(person_id: uuid.UUID) -> Any:
    """End somebody's account at once; their name stays in the record."""
    return people.end(web.session(), _person(person_id), caller().name, web.now())


def link(secret: str) -> str:
    """The address that opens an account; never made of what a request says its host is.

    Where nobody signs in by a password, it is the sign-in itself.
    """
    if not web.config().passwords:
        return web.addresses().whole("/sign-in")
    return web.addresses().whole(f"/welcome/{secret}")


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id


def _person(person_id: uuid.UUID) -> Person:
    return people.get(web.session(), _workspace(), person_id)
