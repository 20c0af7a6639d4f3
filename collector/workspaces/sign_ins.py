"""Signed-in browsers: begun by a password, seen, listed, ended."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector import clock, errors
from collector.changes import record
from collector.workspaces import memberships, visits
from collector.workspaces.models import Person, SignIn

SIGNED_IN_FOR = timedelta(days=14)
IDLE_FOR = timedelta(days=3)
NOTED_EVERY = timedelta(minutes=5)
"""So fine does a sign-in know when it was last seen: a write for each page would be one too many."""


def recognised(session: Session, email: str, password: str) -> list[Person]:
    """Whose address and password this is, in each workspace; raises 401 without saying which of the two was wrong."""
    people = memberships.fitting(session, email, password)
    if not people:
        raise errors.NotAuthenticated("The address or the password is wrong.", "wrong_sign_in")
    return people


def note_failure(session: Session, email: str, now: datetime, verb: str = "sign_in_failed") -> int:
    """Put into the record that somebody failed to sign in as a person who is here; of how many workspaces."""
    people = session.scalars(select(Person).where(Person.email == email.strip().lower())).all()
    for person in people:
        note_failed(session, person, now, verb)
    return len(people)


def note_failed(session: Session, person: Person, now: datetime, verb: str = "sign_in_failed") -> None:
    """The same of one person."""
    record(session, person.workspace_id, now, person.email, verb, "person", str(person.person_id))


def begin(
    session: Session,
    person: Person,
    now: datetime,
    browser: str = "",
    also: Sequence[str] = (),
    until: datetime | None = None,
) -> str:
    """Sign a person in: the secret of a new cookie, whatever cookie came with the request.

    ``until`` keeps the end of a sign-in that this one follows, in another workspace.
    """
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            workspace_id=person.workspace_id,
            hash=_hash(secret),
            sign_in_id=clock.new_id(),
            person_id=person.person_id,
            browser=browser[:120],
            also=list(also),
            created_at=now,
            seen_at=now,
            expires_at=until or now + SIGNED_IN_FOR,
        )
    )
    visits.note(person, now)
    record(session, person.workspace_id, now, person.email, "signed_in", "person", str(person.person_id))
    session.flush()
    return secret


def signed_in(session: Session, secret: str, now: datetime) -> tuple[Person, SignIn] | None:
    """(person, sign-in) behind a cookie, or None where it is unknown, ended, idle for long or past its time."""
    query = select(SignIn).where(
        SignIn.hash == _hash(secret), SignIn.expires_at > now, SignIn.seen_at > now - IDLE_FOR
    )
    row = session.scalars(query).first()
    person = session.get(Person, (row.workspace_id, row.person_id)) if row else None
    return (person, row) if row and person and person.ended_at is None else None


def is_due(row: SignIn, now: datetime) -> bool:
    """Whether it is time to note again that this sign-in was seen."""
    return row.seen_at <= now - NOTED_EVERY


def seen(session: Session, workspace_id: uuid.UUID, sign_in_hash: str, now: datetime) -> None:
    """Note that a signed-in browser was here just now."""
    row = session.get(SignIn, (workspace_id, sign_in_hash))
    if row is not None:
        row.seen_at = now
        visits.note(session.get_one(Person, (workspace_id, row.person_id)), now)


def sign_out(session: Session, secret: str, now: datetime) -> None:
    for row in session.scalars(select(SignIn).where(SignIn.hash == _hash(secret))):
        person = session.get_one(Person, (row.workspace_id, row.person_id))
        record(session, row.workspace_id, now, person.email, "signed_out", "person", str(person.person_id))
        session.delete(row)
    session.flush()


def of_person(session: Session, person: Person, now: datetime) -> Sequence[SignIn]:
    """Where a person is signed in, the newest first."""
    query = select(SignIn).where(
        SignIn.workspace_id == person.workspace_id,
        SignIn.person_id == person.person_id,
        SignIn.expires_at > now,
        SignIn.seen_at > now - IDLE_FOR,
    )
    return session.scalars(query.order_by(SignIn.seen_at.desc(), SignIn.sign_in_id.desc())).all()


def end(session: Session, person: Person, sign_in_id: uuid.UUID, now: datetime) -> None:
    """End one of a person's sign-ins; raises 404 for one that is not theirs."""
    mine = [row for row in of_person(session, person, now) if row.sign_in_id == sign_in_id]
    if not mine:
        raise errors.NotFound("There is no such sign-in.", "unknown_sign_in")
    session.delete(mine[0])
    record(session, person.workspace_id, now, person.email, "ended", "browser", str(sign_in_id))
    session.flush()


def end_all(session: Session, person: Person, but: str = "") -> None:
    """End every sign-in of a person, except the one of this cookie."""
    session.execute(
        delete(SignIn).where(
            SignIn.workspace_id == person.workspace_id,
            SignIn.person_id == person.person_id,
            SignIn.hash != (_hash(but) if but else ""),
        )
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
