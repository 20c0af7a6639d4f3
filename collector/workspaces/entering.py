"""Past the password: straight in, or by way of the second factor's page."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from flask import redirect, request

from collector import errors, signing, web
from collector.workspaces import forms, people, second_factor, sign_ins
from collector.workspaces.models import Person
from collector.workspaces.throttle import Throttle

COOKIE = "afterword_second"
LIVES = timedelta(minutes=5)


def enter(person: Person, address: str) -> Any:
    """Let in who has shown the first factor, or ask for the second."""
    if second_factor.of(web.session(), person) is None:
        return forms.enter(sign_ins.begin(web.session(), person, web.now(), forms.browser()), address)
    said = {
        "workspace": person.workspace_id.hex,
        "person": person.person_id.hex,
        "since": _since(person),
        "next": forms.local(address),
    }
    response = redirect("/sign-in/code", 303)
    kept = signing.sign_flow(web.config().secret_key, said, web.now() + LIVES)
    forms.set_cookie(response, COOKIE, kept, int(LIVES.total_seconds()))
    return response


def half_way() -> tuple[Person, str]:
    """(person, where they want to go) of a browser that has shown the first factor; raises 401 where none is there."""
    try:
        said = signing.read_flow(web.config().secret_key, request.cookies.get(COOKIE, ""), web.now())
        person = people.get(web.session(), uuid.UUID(said["workspace"]), uuid.UUID(said["person"]))
    except (signing.BadToken, KeyError, ValueError, errors.NotFound):
        raise _over() from None
    if person.ended_at is not None or said.get("since") != _since(person):
        raise _over()
    return person, str(said.get("next", "/"))


def check_code(person: Person, code: str) -> None:
    """Take a code of the second factor; raises 422, and 429 after ten wrong ones, wherever they were typed."""
    throttle: Throttle = web.extension("afterword_sign_in_throttle")
    name, now, key = f"code {person.person_id}", web.now(), (person.workspace_id, person.person_id)
    throttle.check(name, None, now)
    try:
        second_factor.check(web.session(), person, code, now)
    except errors.BadInput:
        throttle.failed(name, None, now)
        web.afterwards(lambda session: sign_ins.note_failed(session, session.get_one(Person, key), now))
        raise
    throttle.succeeded(name, None)


def finish(person: Person, address: str) -> Any:
    """Both factors are shown."""
    response = forms.enter(sign_ins.begin(web.session(), person, web.now(), forms.browser()), address)
    response.delete_cookie(COOKIE, path=web.addresses().root)
    return response


def _since(person: Person) -> str:
    """Changes with the password: who has just lost the first factor does not finish with the second."""
    return hashlib.sha256((person.password_hash or "").encode()).hexdigest()[:16]


def _over() -> errors.NotAuthenticated:
    return errors.NotAuthenticated("This sign-in is over. Begin again.", "sign_in_over")
