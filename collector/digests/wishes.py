"""Verbs: what of one's own somebody is told at once, in the digest, or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import errors
from collector.changes import record
from collector.digests.models import MailWish
from collector.workspaces import Person

KINDS = ("signals", "insights", "actions")
WHEN = ("at_once", "digest", "none")
USUAL = "digest"


def of(session: Session, person: Person) -> dict[str, str]:
    """Kind -> when somebody is told of it."""
    row = session.get(MailWish, (person.workspace_id, person.person_id))
    return said(row) if row else dict.fromkeys(KINDS, USUAL)


def said(row: MailWish) -> dict[str, str]:
    """What a row says, kind by kind."""
    return {kind: getattr(row, kind) for kind in KINDS}


def want(session: Session, person: Person, given: Mapping[str, str], now: datetime) -> None:
    """Keep when somebody wants to be told; what is told at once from now on is what happens from now on."""
    if wrong := {kind: ["is none of these"] for kind, when in given.items() if when not in WHEN}:
        raise errors.BadInput("One is told at once, in the digest, or not at all.", fields=wrong)
    before = of(session, person)
    after = before | {kind: given[kind] for kind in KINDS if kind in given}
    if after == before:
        return
    row = session.get(MailWish, (person.workspace_id, person.person_id)) or _new(person, now)
    if "at_once" not in before.values():
        row.since = now
    _keep(session, row, after, person.email, before, now)


def by_stop_key(session: Session, key: str) -> MailWish | None:
    """Whose mails a link in one of them ends."""
    query = select(MailWish).where(MailWish.stop_key == key)
    return session.scalars(query).first() if len(key) == 43 else None


def stop(session: Session, key: str, now: datetime) -> bool:
    """End what is told at once by the link in a mail: the digest tells it; a second time changes nothing."""
    row = by_stop_key(session, key)
    if row is None:
        return False
    before = said(row)
    after = {kind: USUAL if when == "at_once" else when for kind, when in before.items()}
    if after != before:
        _keep(session, row, after, "mail", before, now)
    return True


def _new(person: Person, now: datetime) -> MailWish:
    return MailWish(
        workspace_id=person.workspace_id,
        person_id=person.person_id,
        since=now,
        stop_key=secrets.token_urlsafe(32),
    )


def _keep(
    session: Session, row: MailWish, after: dict[str, str], by: str, before: dict[str, str], now: datetime
) -> None:
    for kind, when in after.items():
        setattr(row, kind, when)
    session.add(row)
    session.flush()
    record(session, row.workspace_id, now, by, "changed", "digest", str(row.person_id), before, after)
