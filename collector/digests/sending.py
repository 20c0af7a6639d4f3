"""The job that sends digests: claim one by a lease, gather and send it, note that it was sent.

Once a period: a row is claimed by one worker alone, and is due again only when the next period begins. One that dies after
the mail server took the mail and before that is noted sends it once more, under the same Message-ID.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

import structlog
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, sessionmaker

from collector import config, db, deliveries, workspaces
from collector.digests import rules, wishes
from collector.digests.framing import frame_of, speaker_of
from collector.digests.gathering import gather
from collector.digests.models import Digest
from collector.digests.rendering import render
from collector.outgoing import SendingFailed
from collector.workspaces import Person

log = structlog.get_logger("collector.digests")


@dataclass(frozen=True)
class Parcel:
    """One digest ready to leave, None where nothing is new; and what is known when it has left."""

    key: tuple[uuid.UUID, uuid.UUID]
    lease: datetime
    mail: EmailMessage | None
    known: list[str]


def send_due(session: Session, now: datetime, settings: config.Config) -> int:
    """Send one digest that is due; how many were claimed. Of ``session`` only the engine is used."""
    if not settings.smtp_url:
        return 0
    sessions = db.make_sessions(session.get_bind())  # type: ignore[arg-type]
    with sessions.begin() as claiming:
        key = claim(claiming, now)
    if key is None:
        return 0
    try:
        with sessions() as reading:
            parcel = _pack(reading, key, settings, now)
        if parcel.mail is not None:
            deliveries.send_mail(parcel.mail, settings.smtp_url)
    except SendingFailed as failure:
        _try_again(sessions, key, failure, now)
    except Exception as error:
        if db.is_passing(error):
            raise
        log.exception("digest_not_made", person=str(key[1]))
        _try_again(sessions, key, SendingFailed(type(error).__name__), now)
    else:
        _settle(sessions, parcel, now)
    return 1


def are_due(session: Session, now: datetime) -> bool:
    """Whether any digest may be due: a look that locks nothing."""
    return session.scalars(_due(now).limit(1)).first() is not None


def claim(session: Session, now: datetime) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Lease one digest that nobody holds; whose."""
    row = session.scalars(_due(now).limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    row.lease_until, row.attempts = now + rules.LEASE, row.attempts + 1
    return row.workspace_id, row.person_id


def _due(now: datetime) -> Select[Digest]:
    free = or_(Digest.lease_until.is_(None), Digest.lease_until <= now)
    return select(Digest).where(Digest.due_at <= now, free).order_by(Digest.due_at)


def _pack(
    session: Session, key: tuple[uuid.UUID, uuid.UUID], settings: config.Config, now: datetime
) -> Parcel:
    row, person = session.get_one(Digest, key), session.get_one(Person, key)
    told = [kind for kind, when in wishes.of(session, person).items() if when == "digest"]
    news = gather(session, person, row.since, row.known, now, told)
    message_id = f"digest.{row.person_id}.{row.due_at:%Y%m%d}"
    frame = frame_of(session, person, settings, row.stop_key, message_id)
    is_told = news.is_new and person.ended_at is None
    mail = render(news, frame, speaker_of(session, person), row.due_at) if is_told else None
    return Parcel(key, now + rules.LEASE, mail, news.known)


def _settle(sessions: sessionmaker[Session], parcel: Parcel, now: datetime) -> None:
    """It was sent, or nothing was new: the next one is due when its period begins."""
    with sessions.begin() as session:
        row = session.get(Digest, parcel.key, with_for_update=True)
        if row is None or row.lease_until != parcel.lease:
            return
        _next(session, row, now)
        row.known = parcel.known
        if parcel.mail is not None:
            row.since = now


def _try_again(
    sessions: sessionmaker[Session], key: tuple[uuid.UUID, uuid.UUID], failure: SendingFailed, now: datetime
) -> None:
    log.warning("digest_failed", person=str(key[1]), reason=str(failure))
    with sessions.begin() as session:
        row = session.get(Digest, key, with_for_update=True)
        if row is None:
            return
        wait = None if failure.permanent else rules.pause(row.attempts)
        if wait is None:
            _next(session, row, now)
        else:
            row.lease_until = now + wait


def _next(session: Session, row: Digest, now: datetime) -> None:
    zone = workspaces.facts(session, row.workspace_id).timezone
    row.due_at = rules.next_due(row.every, max(now, row.due_at), zone)
    row.lease_until, row.attempts = None, 0
