"""The people the rules protect: their lock, their objection, their consent.

A subject's row is the lock under which everything about them is decided; its objection holds for ever and over all
channels, until they themselves take it back.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, cast

from sqlalchemy import Table, delete, func
from sqlalchemy.orm import Session

from collector import bulk, clock, db, errors
from collector.communities import panels
from collector.invitations.models import Subject
from collector.workspaces import sight

KEPT_RECORDS = 50
TABLE: Table = Subject.__table__  # type: ignore[assignment]


class Held(Protocol):
    """What a held row says; no ``consents`` where none is on record."""

    customer: str
    opted_out_at: datetime | None
    consents: Mapping[str, Any] | None


def hold(
    session: Session, workspace_id: uuid.UUID, customers: Collection[str], now: datetime
) -> dict[str, Held]:
    """Take the customers' rows (made where missing) until the end of the transaction; what they say is given.

    One statement, in one order, so that two batches never wait for one another in a ring.
    """
    if not customers:
        return {}
    rows = [
        {"workspace_id": workspace_id, "customer": customer, "consents": {}, "created_at": now}
        for customer in sorted(customers)
    ]
    session.flush()
    found = bulk.insert(session, TABLE, rows, _or_lock)
    return {subject.customer: subject for subject in cast("Iterable[Held]", found)}


def _or_lock(made: Any, table: Table) -> Any:
    """Make a row or take its lock; give what decisions ask about it, which mostly is nothing."""
    kept = {"created_at": table.c.created_at}
    held = made.on_conflict_do_update(index_elements=["workspace_id", "customer"], set_=kept)
    records = func.nullif(table.c.consents, db.constant("{}"), type_=table.c.consents.type)
    return held.returning(table.c.customer, table.c.opted_out_at, records.label("consents"))


def _held(session: Session, workspace_id: uuid.UUID, customer: str, now: datetime) -> Subject:
    """One customer's row, held and ready to change."""
    hold(session, workspace_id, [customer], now)
    return session.get_one(Subject, (workspace_id, customer), populate_existing=True)


def let_go(
    session: Session,
    workspace_id: uuid.UUID,
    held: dict[str, Held],
    customers: Collection[str],
    now: datetime,
) -> None:
    """Forget again the rows that were made just now for customers who turn out to be erased."""
    erased = [held.pop(customer) for customer in sorted(customers)]
    for row in erased:
        if row.opted_out_at is None and not row.consents:
            key = Subject.workspace_id == workspace_id, Subject.customer == row.customer
            session.execute(delete(Subject).where(*key, Subject.created_at == now))


def find(session: Session, workspace_id: uuid.UUID, customer: str) -> Subject | None:
    """A subject by pseudonym, or None for one never heard of."""
    return session.get(Subject, (workspace_id, customer), populate_existing=True)


def demand(session: Session, workspace_id: uuid.UUID, customer: str) -> None:
    """Raises 404 for a customer who was met at no touchpoint in the scope that the session is kept to."""
    if not sight.of(session).is_all and find(session, workspace_id, customer) is None:
        raise errors.NotFound("Nobody in your scope is known by this.", "unknown_customer")


def opt_out(session: Session, workspace_id: uuid.UUID, customer: str, now: datetime) -> Subject:
    """Never ask this customer again, through no channel and in no panel; saying it twice keeps the first time."""
    subject = _held(session, workspace_id, customer, now)
    subject.opted_out_at = min(subject.opted_out_at or now, now)
    panels.leaving.leave(session, workspace_id, [customer], now)
    session.flush()
    return subject


def opt_in(session: Session, workspace_id: uuid.UUID, customer: str, now: datetime) -> Subject:
    """The customer takes their objection back."""
    subject = _held(session, workspace_id, customer, now)
    subject.opted_out_at = None
    session.flush()
    return subject


def record_consent(
    session: Session, workspace_id: uuid.UUID, customer: str, record: Mapping[str, Any], now: datetime
) -> Subject:
    """Keep the proof that a consent was given or withdrawn (GDPR art. 7): channel, time, text version, source."""
    subject = _held(session, workspace_id, customer, now)
    kept = {
        "given": record["given"],
        "at": clock.iso(record["at"] or now),
        "text_version": record["text_version"],
        "source": record["source"],
        "recorded_at": clock.iso(now),
    }
    records = [*subject.consents.get(record["channel"], ()), kept]
    subject.consents = {**subject.consents, record["channel"]: records[-KEPT_RECORDS:]}
    session.flush()
    return subject


def has_consent_record(
    session: Session, workspace_id: uuid.UUID, customer: str, channel: str, given: bool, at: datetime | None
) -> bool:
    """Whether this very record is kept already, so that a file may come twice.

    One without a time says how things stand: it is kept where the newest record says the same.
    """
    subject = find(session, workspace_id, customer)
    kept = subject.consents.get(channel, ()) if subject else ()
    if at is None:
        return bool(kept) and max(kept, key=_given_at)["given"] == given
    return any(each["given"] == given and each["at"] == clock.iso(at) for each in kept)


def consented(subject: Subject | Held | None) -> frozenset[str]:
    """The channels whose newest record says yes (the newest by its own time)."""
    return consented_in(subject.consents) if subject and subject.consents else frozenset()


def consented_in(records: Mapping[str, Any]) -> frozenset[str]:
    """The channels of a customer's records whose newest says yes."""
    return frozenset(
        channel for channel, kept in records.items() if kept and max(kept, key=_given_at)["given"]
    )


def _given_at(record: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(record["at"])  # texts sort otherwise than times do: "...00.5Z" < "...00Z"
