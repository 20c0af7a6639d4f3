"""One human in several workspaces: a person in each, with a role and a scope of its own, and one sign-in for them all.

An address alone joins nothing, since each workspace's administrators write down whom they like: persons belong together
in a browser where whoever sits there has shown that they are theirs, by a password that fits each or by the company's
sign-in service. What was shown is kept as marks, which hold until a password changes.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.workspaces import known, passwords
from collector.workspaces.models import Person, SignIn, Workspace


@dataclass(frozen=True)
class Membership:
    """A person, and what the workspace is called in which they are one."""

    person: Person
    workspace: str


def mark(person: Person) -> str:
    """What a browser, or a sign-in, keeps of a person whom somebody has shown to be."""
    return f"{person.workspace_id.hex}:{person.person_id.hex}:{_since(person)}"


def marked(session: Session, text: str) -> Person | None:
    """The person behind a mark, unless they have left or their password has changed since."""
    workspace, _, rest = text.partition(":")
    person_id = rest.partition(":")[0]
    try:
        person = session.get(Person, (uuid.UUID(workspace), uuid.UUID(person_id)))
    except ValueError:
        return None
    return person if person is not None and person.ended_at is None and mark(person) == text else None


def of(session: Session, marks: Iterable[str]) -> list[Membership]:
    """The persons behind marks, by the names of their workspaces."""
    found = [person for person in (marked(session, text) for text in marks) if person is not None]
    named = [Membership(person, known.facts(session, person.workspace_id).name) for person in found]
    return sorted(named, key=lambda each: (each.workspace.casefold(), str(each.person.workspace_id)))


def fitting(session: Session, email: str, password: str) -> list[Person]:
    """Everybody with this address whose password this is, each in a workspace of their own."""
    query = select(Person).where(
        Person.email == email.strip().lower(), Person.ended_at.is_(None), Person.password_hash.is_not(None)
    )
    found = session.scalars(query.order_by(Person.created_at, Person.workspace_id)).all()
    if not found:
        passwords.fits(None, password)
    return [person for person in found if passwords.fits(person.password_hash, password)]


def join(session: Session, here: SignIn, person: Person, password: str) -> int:
    """Join to a sign-in whoever else has this person's address and this password; how many that are."""
    others = [
        each for each in fitting(session, person.email, password) if each.workspace_id != person.workspace_id
    ]
    here.also = sorted({*here.also, *(mark(each) for each in others)})
    session.flush()
    return len(others)


def are_several(session: Session) -> bool:
    """Whether there is more than one workspace here at all."""
    return len(session.scalars(select(Workspace.workspace_id).limit(2)).all()) > 1


def but(marks: Sequence[str], person: Person) -> list[str]:
    """The marks of all others."""
    own = f"{person.workspace_id.hex}:"
    return [text for text in marks if not text.startswith(own)]


def _since(person: Person) -> str:
    """Changes with the password, and with the sign-in service's name for them."""
    return hashlib.sha256(f"{person.password_hash or ''}|{person.subject or ''}".encode()).hexdigest()[:16]
