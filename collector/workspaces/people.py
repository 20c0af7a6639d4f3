"""People of a workspace: invited, given a role and a scope, reset, ended; each step is in the record."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from collector import clock, errors
from collector.changes import record
from collector.config import ROLES as ROLES
from collector.workspaces import account_links, memberships, passwords, second_factor, sign_ins
from collector.workspaces.models import AccountLink, Person, Workspace


@dataclass(frozen=True)
class Invited:
    """Somebody who may open their account; ``secret`` stands in the link, is shown once and stored nowhere."""

    person: Person
    secret: str


def invite(
    session: Session,
    workspace_id: uuid.UUID,
    email: str,
    role: str,
    scope: Sequence[str] | None,
    actor: str,
    now: datetime,
    name: str = "",
) -> Invited:
    """Let somebody in: the link with which they open their account. Who has left may come back."""
    person = let_in(session, workspace_id, email, role, scope, actor, now, name)
    return Invited(person, account_links.make(session, person, now))


def let_in(
    session: Session,
    workspace_id: uuid.UUID,
    email: str,
    role: str,
    scope: Sequence[str] | None,
    actor: str,
    now: datetime,
    name: str = "",
) -> Person:
    """Somebody who may come in, without a way to do so yet; raises 409 for who is here already."""
    _check(role, scope)
    person = _by_email(session, workspace_id, email)
    if person is not None and person.ended_at is None:
        raise errors.Conflict("Someone with this address is here already.", "known_email")
    if person is None:
        person = _new(workspace_id, email, now)
        session.add(person)
    person.name, person.role, person.scope = name.strip() or person.name, role, _stored(scope)
    person.ended_at, person.password_hash, person.subject = None, None, None
    session.flush()
    _note(session, person, actor, "invited", now, None)
    return person


def add_person(
    session: Session,
    workspace_id: uuid.UUID,
    email: str,
    name: str,
    password: str,
    now: datetime,
    role: str = "member",
    scope: Sequence[str] | None = None,
    actor: str = "command line",
) -> Person:
    """Somebody who can sign in at once with a password given here: the first administrator, the demo's people."""
    person = let_in(session, workspace_id, email, role, scope, actor, now, name)
    person.password_hash = passwords.make_hash(password)
    session.flush()
    return person


def list_people(session: Session, workspace_id: uuid.UUID) -> Sequence[Person]:
    """Everybody, those who have left last."""
    order = (Person.ended_at.is_not(None), func.lower(Person.name), Person.email)
    return session.scalars(select(Person).where(Person.workspace_id == workspace_id).order_by(*order)).all()


def get(session: Session, workspace_id: uuid.UUID, person_id: uuid.UUID) -> Person:
    person = session.get(Person, (workspace_id, person_id))
    if person is None:
        raise errors.NotFound("There is no such person.", "unknown_person")
    return person


def by_email(session: Session, workspace_id: uuid.UUID, email: str) -> Person:
    """The person with an address; raises 404 where nobody has it."""
    person = _by_email(session, workspace_id, email)
    if person is None:
        raise errors.NotFound("Nobody with this address is here.", "unknown_person")
    return person


def set_role(
    session: Session, person: Person, role: str, scope: Sequence[str] | None, actor: str, now: datetime
) -> Person:
    """Give somebody another role or scope; raises 409 where no administrator would be left."""
    _check(role, scope)
    before = _said(person)
    if role != "administrator":
        _keep_an_administrator(session, person)
    person.role, person.scope = role, _stored(scope)
    session.flush()
    if _said(person) != before:
        _note(session, person, actor, "role", now, before)
    return person


def reset(session: Session, person: Person, actor: str, now: datetime) -> str:
    """The secret of a link to choose a new password, or to open an account that was not opened yet."""
    if person.ended_at is not None:
        raise errors.Conflict("They have left; invite them again.", "person_ended")
    _note(session, person, actor, "reset", now, None)
    return account_links.make(session, person, now)


def end(session: Session, person: Person, actor: str, now: datetime) -> Person:
    """Nobody signs in as this person any more, at once; their name stays in the record."""
    _keep_an_administrator(session, person)
    if person.ended_at is None:
        _note(session, person, actor, "ended", now, _said(person))
    person.ended_at, person.password_hash = person.ended_at or now, None
    sign_ins.end_all(session, person)
    session.execute(delete(AccountLink).where(*_links_of(person)))
    second_factor.end(session, person, actor, now)
    return person


def change_password(session: Session, person: Person, old: str, new: str, cookie: str, now: datetime) -> None:
    """Choose another password, wherever the old one was theirs; every other browser of theirs is signed out."""
    if not passwords.fits(person.password_hash, old):
        raise errors.BadInput(
            "The present password is wrong.", "wrong_password", {"old": ["is not the present password"]}
        )
    passwords.check(new, person.email, person.name)
    for each in memberships.fitting(session, person.email, old):
        each.password_hash = passwords.make_hash(new)
        sign_ins.end_all(session, each, but=cookie)
        _note(session, each, each.email, "new_password", now, None)
    session.flush()
    if here := sign_ins.signed_in(session, cookie, now):
        memberships.join(session, here[1], person, new)


def _check(role: str, scope: Sequence[str] | None) -> None:
    if role not in ROLES:
        raise errors.BadInput(
            "There is no such role.", fields={"role": ["must be one of: " + ", ".join(ROLES)]}
        )
    if role == "administrator" and scope is not None:
        raise errors.BadInput(
            "An administrator sees everything.", fields={"scope": ["must be all for an administrator"]}
        )


def _keep_an_administrator(session: Session, person: Person) -> None:
    """Raises 409 for the last administrator; holds the workspace, so that two at once do not end one another."""
    held = select(Workspace).where(Workspace.workspace_id == person.workspace_id)
    session.scalars(held.with_for_update(key_share=True)).one()
    others = select(func.count()).where(
        Person.workspace_id == person.workspace_id,
        Person.role == "administrator",
        Person.ended_at.is_(None),
        or_(Person.password_hash.is_not(None), Person.subject.is_not(None)),
        Person.person_id != person.person_id,
    )
    if person.role == "administrator" and not session.scalar(others):
        raise errors.Conflict(
            "A workspace needs an administrator; name another one first.", "last_administrator"
        )


def _by_email(session: Session, workspace_id: uuid.UUID, email: str) -> Person | None:
    query = select(Person).where(Person.workspace_id == workspace_id, Person.email == email.strip().lower())
    return session.scalars(query).first()


def _new(workspace_id: uuid.UUID, email: str, now: datetime) -> Person:
    """E-mail addresses are kept in lower case; until they say more, that is all there is of a name."""
    address = email.strip().lower()
    if not (address.count("@") == 1 and all(address.split("@")) and not set(address) & set(" \t\r\n,;<>\0")):
        raise errors.BadInput("That is not an e-mail address.", "bad_address", {"email": ["is no address"]})
    name = address.partition("@")[0][:120]
    return Person(
        workspace_id=workspace_id, person_id=clock.new_id(), email=address, name=name, created_at=now
    )


def _stored(scope: Sequence[str] | None) -> list[str] | None:
    return None if scope is None else sorted(set(scope))


def _links_of(person: Person) -> tuple[Any, ...]:
    return (
        AccountLink.workspace_id == person.workspace_id,
        AccountLink.person_id == person.person_id,
    )


def _said(person: Person) -> dict[str, Any]:
    return {"email": person.email, "name": person.name, "role": person.role, "scope": person.scope}


def _note(
    session: Session, person: Person, actor: str, verb: str, now: datetime, before: dict[str, Any] | None
) -> None:
    record(
        session, person.workspace_id, now, actor, verb, "person", str(person.person_id), before, _said(person)
    )
