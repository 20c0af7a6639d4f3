"""The person behind a provider's claims: found, bound to their subject, made, or given what the claims now say."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import errors, locale
from collector.changes import record
from collector.config import Access
from collector.workspaces import people, sign_ins
from collector.workspaces.models import Person, Workspace
from collector.workspaces.openid.claims import Grant, Identity

ACTOR = "openid"


@dataclass(frozen=True)
class Door:
    """A workspace that the provider lets into, and the operator's rules for it; without any, who is invited comes in."""

    workspace_id: uuid.UUID
    rules: tuple[Access, ...]


def doors(session: Session, named: str, access: Sequence[Access]) -> list[Door]:
    """The named workspace, or all; raises 503 where there is none, or where a rule does not say which it is for."""
    query = select(Workspace.workspace_id, Workspace.name).order_by(Workspace.created_at)
    found = [row for row in session.execute(query) if named in {"", row.name, str(row.workspace_id)}]
    if not found or (named and len(found) > 1):
        raise errors.Unavailable("AFTERWORD_OIDC_WORKSPACE must name one workspace.", "openid_unavailable")
    if len(found) > 1 and not all(rule.workspace for rule in access):
        raise errors.Unavailable(
            "There are several workspaces; name one in AFTERWORD_OIDC_WORKSPACE, or in each rule.",
            "openid_unavailable",
        )
    return [
        Door(
            row.workspace_id,
            tuple(each for each in access if each.workspace in {"", row.name, str(row.workspace_id)}),
        )
        for row in found
    ]


def arrive_at(
    session: Session,
    doors: Sequence[Door],
    who: Identity,
    granted: Callable[[Sequence[Access]], Grant | None],
    now: datetime,
) -> list[Person]:
    """Who somebody is behind each door; raises 401 where none lets them in."""
    people, refusal = [], _no_access()
    for door in doors:
        try:
            people.append(arrive(session, door.workspace_id, who, granted(door.rules), bool(door.rules), now))
        except errors.NotAuthenticated as error:
            refusal = error
    if not people:
        raise refusal
    return people


def arrive(
    session: Session,
    workspace_id: uuid.UUID,
    who: Identity,
    granted: Grant | None,
    by_rules: bool,
    now: datetime,
) -> Person:
    """The person who signs in; raises 401 for whom nobody lets in.

    ``by_rules``: role and scope are the provider's to say, at each sign-in anew, and whoever is let in is made on the
    spot. Otherwise only people who were invited here come in, with what they were given here.
    """
    person = _known(session, workspace_id, who)
    if by_rules and granted is None:
        _turn_away(session, person, now)
        raise _no_access()
    if person is None:
        person = _made(session, workspace_id, who, granted, now)
    elif person.ended_at is not None:
        raise _no_access()
    elif granted is not None and by_rules:
        _follow(session, person, granted, now)
    _bind(session, person, who, now)
    return person


def _known(session: Session, workspace_id: uuid.UUID, who: Identity) -> Person | None:
    """By the subject; before it is known, by an address that the provider has seen to be theirs."""
    mine = select(Person).where(Person.workspace_id == workspace_id)
    found = session.scalars(mine.where(Person.subject == who.subject)).first()
    if found is not None or not (who.email and who.is_email_theirs):
        return found
    return session.scalars(mine.where(Person.email == who.email, Person.subject.is_(None))).first()


def _made(
    session: Session, workspace_id: uuid.UUID, who: Identity, granted: Grant | None, now: datetime
) -> Person:
    if granted is None:
        raise _no_access()
    if not (who.email and who.is_email_theirs):
        raise errors.NotAuthenticated(
            "The sign-in service does not vouch for your e-mail address.", "openid_no_address"
        )
    try:
        return people.let_in(
            session, workspace_id, who.email, granted.role, granted.scope, ACTOR, now, who.name
        )
    except (errors.Conflict, errors.BadInput):  # the address is here already, as somebody else's
        raise _no_access() from None


def _follow(session: Session, person: Person, granted: Grant, now: datetime) -> None:
    """Give what the claims say now; the last administrator stays one."""
    try:
        people.set_role(session, person, granted.role, granted.scope, ACTOR, now)
    except errors.Conflict:
        record(session, person.workspace_id, now, ACTOR, "role_kept", "person", str(person.person_id))


def _bind(session: Session, person: Person, who: Identity, now: datetime) -> None:
    if person.subject is None:
        person.subject = who.subject
        record(session, person.workspace_id, now, person.email, "opened", "person", str(person.person_id))
    if who.name and not person.password_hash:
        person.name = who.name
    person.locale = person.locale or (locale.best([who.locale]) if who.locale else None)
    session.flush()


def _turn_away(session: Session, person: Person | None, now: datetime) -> None:
    """Whom no rule lets in any more is signed out everywhere."""
    if person is not None:
        sign_ins.end_all(session, person)
        record(
            session, person.workspace_id, now, person.email, "sign_in_failed", "person", str(person.person_id)
        )


def _no_access() -> errors.NotAuthenticated:
    return errors.NotAuthenticated(
        "Nobody has let you in here yet. Ask an administrator.", "openid_no_access"
    )
