"""Verbs: want a digest, want it no more."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import errors, workspaces
from collector.changes import record
from collector.digests import rules
from collector.digests.models import Digest
from collector.workspaces import Person

NEVER = "never"


def of(session: Session, person: Person) -> Digest | None:
    """What somebody wants; None: nothing."""
    return session.get(Digest, (person.workspace_id, person.person_id))


def want(session: Session, person: Person, every: str, now: datetime) -> None:
    """Send a digest ``daily`` or ``weekly``, or ``never``; the first tells what is new since now."""
    row = of(session, person)
    if every not in (NEVER, *rules.EVERY):
        raise errors.BadInput(
            "A digest comes daily, weekly or never.", fields={"every": ["is none of these"]}
        )
    before = row.every if row else NEVER
    if every == before:
        return
    if every == NEVER:
        session.delete(row)
    else:
        zone = workspaces.facts(session, person.workspace_id).timezone
        row = row or _new(person, now)
        row.every, row.due_at = every, rules.next_due(every, now, zone)
        session.add(row)
    session.flush()
    _note(session, person.workspace_id, person.email, person.person_id, before, every, now)


def by_stop_key(session: Session, key: str) -> Digest | None:
    """Whose digest a link in a mail ends."""
    return session.scalars(select(Digest).where(Digest.stop_key == key)).first() if len(key) == 43 else None


def stop(session: Session, key: str, now: datetime) -> None:
    """End it by the link in a mail; a second time changes nothing."""
    row = by_stop_key(session, key)
    if row is not None:
        session.delete(row)
        session.flush()
        _note(session, row.workspace_id, "mail", row.person_id, row.every, NEVER, now)


def _new(person: Person, now: datetime) -> Digest:
    return Digest(
        workspace_id=person.workspace_id,
        person_id=person.person_id,
        since=now,
        known=[],
        stop_key=secrets.token_urlsafe(32),
    )


def _note(
    session: Session,
    workspace_id: uuid.UUID,
    by: str,
    person_id: uuid.UUID,
    before: str,
    after: str,
    now: datetime,
) -> None:
    record(
        session,
        workspace_id,
        now,
        by,
        "changed",
        "digest",
        str(person_id),
        {"every": before},
        {"every": after},
    )
