"""Past the first factor: straight in, by way of the choice of a workspace, or of the second factor's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import redirect, request

from collector import errors, signing, web
from collector.workspaces import access, forms, memberships, second_factor, sign_ins
from collector.workspaces.models import Person, SignIn
from collector.workspaces.throttle import Throttle

COOKIE = "afterword_second"
LIVES = timedelta(minutes=5)


@dataclass(frozen=True)
class Shown:
    """What goes with a person who has shown the first factor: who else they are, where they want to go.

    ``follows`` says that this sign-in takes the place of the one that the browser has, and ends when that one would.
    """

    address: str = "/"
    marks: Sequence[str] = ()
    needs_code: bool = True
    until: datetime | None = None
    follows: bool = False


def arrive(people: Sequence[Person], address: str, needs_code: bool = True) -> Any:
    """Let in who has shown the first factor, into the only workspace or the one that they choose."""
    shown = Shown(forms.local(address), [memberships.mark(each) for each in people], needs_code)
    if len(people) == 1:
        return enter(people[0], shown)
    return _kept(redirect("/sign-in/workspace", 303), "", shown)


def enter(person: Person, shown: Shown) -> Any:
    """Let somebody in, or ask for the second factor."""
    if not shown.needs_code or second_factor.of(web.session(), person) is None:
        return _in(person, shown)
    return _kept(redirect("/sign-in/code", 303), memberships.mark(person), shown)


def switch(here: SignIn, own: Person, to: Person, address: str = "/") -> Any:
    """From one workspace into another, in the same browser and for as long as it was signed in."""
    marks = [*here.also, memberships.mark(own), memberships.mark(to)]
    return enter(to, Shown(forms.local(address), marks, until=here.expires_at, follows=True))


def choice() -> tuple[list[memberships.Membership], Shown]:
    """The workspaces among which a browser may choose; raises 401 where it has shown no first factor of late."""
    who, shown = _read()
    found = memberships.of(web.session(), shown.marks)
    if who or not found:
        raise _over()
    return found, shown


def half_way() -> tuple[Person, Shown]:
    """Who has shown the first factor and owes the second; raises 401 where nobody has."""
    who, shown = _read()
    person = memberships.marked(web.session(), who)
    if person is None:
        raise _over()
    return person, shown


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


def finish(person: Person, shown: Shown) -> Any:
    """Both factors are shown."""
    return _in(person, shown)


def _in(person: Person, shown: Shown) -> Any:
    session, now = web.session(), web.now()
    if shown.follows:
        sign_ins.sign_out(session, request.cookies.get(access.COOKIE, ""), now)
    marks = memberships.but(shown.marks, person)
    response = forms.enter(
        sign_ins.begin(session, person, now, forms.browser(), marks, shown.until), shown.address
    )
    response.delete_cookie(COOKIE, path=web.addresses().root)
    return response


def _kept(response: Any, who: str, shown: Shown) -> Any:
    """Give the browser what it has shown so far, for five minutes."""
    said = {
        "who": who,
        "also": list(shown.marks),
        "next": shown.address,
        "code": shown.needs_code,
        "until": shown.until.timestamp() if shown.until else None,
        "follows": shown.follows,
    }
    kept = signing.sign_flow(web.config().secret_key, said, web.now() + LIVES)
    forms.set_cookie(response, COOKIE, kept, int(LIVES.total_seconds()))
    return response


def _read() -> tuple[str, Shown]:
    try:
        said = signing.read_flow(web.config().secret_key, request.cookies.get(COOKIE, ""), web.now())
        until = datetime.fromtimestamp(said["until"], UTC) if said["until"] else None
        return said["who"], Shown(said["next"], said["also"], said["code"], until, said["follows"])
    except (signing.BadToken, KeyError, TypeError):
        raise _over() from None


def _over() -> errors.NotAuthenticated:
    return errors.NotAuthenticated("This sign-in is over. Begin again.", "sign_in_over")
