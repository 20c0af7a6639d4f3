"""One mail to one colleague: claimed by a lease, made and sent outside any transaction, then noted. Digests and what is told
at once are both sent by it.

A worker that dies after the mail server took the mail and before that is noted leaves a lease that runs out; the same mail
leaves once more, under the same Message-ID. One whose lease was lost to another notes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Generic, TypeVar

import structlog
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker

from collector import config, db, deliveries
from collector.digests import rules
from collector.digests.models import Digest, MailWish
from collector.outgoing import SendingFailed

log = structlog.get_logger("collector.digests")
Row = TypeVar("Row", Digest, MailWish)
Claim = TypeVar("Claim")
"""What a kind wants to know of what it has claimed, beside whose it is."""


@dataclass(frozen=True)
class Held(Generic[Claim]):
    """Whose mail is on its way, and until when it is held."""

    key: tuple[uuid.UUID, uuid.UUID]
    lease: datetime
    claim: Claim


@dataclass(frozen=True)
class Packed:
    """A mail, None where there is nothing to tell; and what its reader knows when it has left."""

    mail: EmailMessage | None
    known: list[str]


@dataclass(frozen=True)
class Kind(Generic[Row, Claim]):
    """How a kind of mail is claimed and made, and what becomes of its row."""

    name: str
    table: type[Row]
    claim: Callable[[Session, datetime], Held[Claim] | None]
    pack: Callable[[Session, Held[Claim], config.Config, datetime], Packed]
    told: Callable[[Session, Row, Held[Claim], Packed, datetime], None]
    """It has left, or there was nothing to tell."""
    given_up: Callable[[Session, Row, Held[Claim], datetime], None]
    """It could not be sent for so long, or so finally, that it never will be."""


def send(session: Session, now: datetime, settings: config.Config, kind: Kind[Row, Claim]) -> int:
    """Send one that is due; how many were claimed. Of ``session`` only the engine is used."""
    if not settings.smtp_url:
        return 0
    sessions = db.make_sessions(session.get_bind())  # type: ignore[arg-type]
    with sessions.begin() as claiming:
        held = kind.claim(claiming, now)
    if held is None:
        return 0
    try:
        with sessions() as reading:
            packed = kind.pack(reading, held, settings, now)
        if packed.mail is not None:
            deliveries.send_mail(packed.mail, settings.smtp_url)
    except SendingFailed as failure:
        _try_again(sessions, kind, held, failure, now)
    except Exception as error:
        if db.is_passing(error):
            raise
        log.exception(f"{kind.name}_not_made", person=str(held.key[1]))
        _try_again(sessions, kind, held, SendingFailed(type(error).__name__), now)
    else:
        with sessions.begin() as noting:
            if (row := _still_held(noting, kind, held)) is not None:
                row.lease_until, row.attempts = None, 0
                kind.told(noting, row, held, packed, now)
    return 1


def hold(row: Digest | MailWish, now: datetime, claim: Claim) -> Held[Claim]:
    """Lease a row that nobody holds; an attempt is counted now."""
    row.lease_until, row.attempts = now + rules.LEASE, row.attempts + 1
    return Held((row.workspace_id, row.person_id), row.lease_until, claim)


def is_free(lease: InstrumentedAttribute[datetime | None], now: datetime) -> ColumnElement[bool]:
    """That nobody holds it."""
    return or_(lease.is_(None), lease <= now)


def _try_again(
    sessions: sessionmaker[Session],
    kind: Kind[Row, Claim],
    held: Held[Claim],
    failure: SendingFailed,
    now: datetime,
) -> None:
    """Later, or never."""
    log.warning(f"{kind.name}_failed", person=str(held.key[1]), reason=str(failure))
    with sessions.begin() as session:
        if (row := _still_held(session, kind, held)) is None:
            return
        wait = None if failure.permanent else rules.pause(row.attempts)
        if wait is None:
            row.lease_until, row.attempts = None, 0
            kind.given_up(session, row, held, now)
        else:
            row.lease_until = now + wait


def _still_held(session: Session, kind: Kind[Row, Claim], held: Held[Claim]) -> Row | None:
    """The row, locked; None where it is gone or another worker has it."""
    row = session.get(kind.table, held.key, with_for_update=True)
    return row if row is not None and row.lease_until == held.lease else None
