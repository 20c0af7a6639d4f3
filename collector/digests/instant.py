"""The job that sends what somebody is told at once: one mail for all that waits, held by a lease, noted when it has left.

A worker that dies after the mail server took the mail and before that is noted sends the same mail once more, under the same
Message-ID.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

import structlog
from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from collector import clock, config, db, deliveries
from collector.digests import gathering, noticing
from collector.digests.framing import frame_of, speaker_of
from collector.digests.models import InstantNews, MailWish
from collector.digests.rendering import render_instant
from collector.digests.rules import LEASE, pause
from collector.outgoing import SendingFailed
from collector.workspaces import Person

log = structlog.get_logger("collector.digests")
Key = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True)
class Claimed:
    """Whose mail is on its way, which one, and until when it is held."""

    key: Key
    mail_id: uuid.UUID
    lease: datetime


def send_due(session: Session, now: datetime, settings: config.Config) -> int:
    """Send one mail that is due; how many were claimed. Of ``session`` only the engine is used."""
    if not settings.smtp_url:
        return 0
    sessions = db.make_sessions(session.get_bind())  # type: ignore[arg-type]
    with sessions.begin() as claiming:
        claimed = claim(claiming, now)
    if claimed is None:
        return 0
    try:
        with sessions() as reading:
            mail = _pack(reading, claimed, settings, now)
        if mail is not None:
            deliveries.send_mail(mail, settings.smtp_url)
    except SendingFailed as failure:
        _try_again(sessions, claimed, failure, now)
    except Exception as error:
        if db.is_passing(error):
            raise
        log.exception("instant_mail_not_made", person=str(claimed.key[1]))
        _try_again(sessions, claimed, SendingFailed(type(error).__name__), now)
    else:
        _settle(sessions, claimed, now)
    return 1


def are_due(session: Session, now: datetime) -> bool:
    """Whether anything waits to be told: a look that locks nothing."""
    return session.scalars(_due(now).limit(1)).first() is not None


def claim(session: Session, now: datetime) -> Claimed | None:
    """Lease one person's mail that nobody holds; what was tried before is tried again as it was."""
    row = session.scalars(_due(now).limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    row.lease_until, row.attempts = now + LEASE, row.attempts + 1
    news = _untold(session, row)
    tried = next((each.mail_id for each in news if each.mail_id), None)
    mail_id = tried or clock.new_id()
    for each in news if tried is None else ():
        each.mail_id = mail_id
    session.flush()
    return Claimed((row.workspace_id, row.person_id), mail_id, row.lease_until)


def _due(now: datetime) -> Select[MailWish]:
    free = or_(MailWish.lease_until.is_(None), MailWish.lease_until <= now)
    mine = (
        InstantNews.workspace_id == MailWish.workspace_id,
        InstantNews.person_id == MailWish.person_id,
    )
    waiting = exists().where(*mine, InstantNews.told_at.is_(None), InstantNews.due_at <= now)
    return select(MailWish).where(free, waiting).order_by(MailWish.workspace_id, MailWish.person_id)


def _untold(session: Session, wish: MailWish) -> list[InstantNews]:
    mine = (InstantNews.workspace_id == wish.workspace_id, InstantNews.person_id == wish.person_id)
    query = select(InstantNews).where(*mine, InstantNews.told_at.is_(None))
    return list(session.scalars(query.order_by(InstantNews.occasion)))


def _pack(session: Session, claimed: Claimed, settings: config.Config, now: datetime) -> EmailMessage | None:
    """The mail; None where nothing of it is theirs, wanted or there any more."""
    wish, person = session.get_one(MailWish, claimed.key), session.get_one(Person, claimed.key)
    if person.ended_at is not None:
        return None
    rows = [
        row
        for row in _untold(session, wish)
        if row.mail_id == claimed.mail_id
        and row.noticed_at >= now - noticing.FRESH
        and getattr(wish, row.kind) == "at_once"
    ]
    news = gathering.gather_instant(session, person, [(row.kind, row.key) for row in rows], now)
    if not news.is_new:
        return None
    frame = frame_of(session, person, settings, wish.stop_key, f"news.{claimed.mail_id}")
    return render_instant(news, frame, speaker_of(session, person), now)


def _settle(sessions: sessionmaker[Session], claimed: Claimed, now: datetime) -> None:
    """It has left, or there was nothing to tell."""
    with sessions.begin() as session:
        wish = session.get(MailWish, claimed.key, with_for_update=True)
        if wish is not None and wish.lease_until == claimed.lease:
            _tell(session, claimed, now)
            wish.lease_until, wish.attempts, wish.told_at = None, 0, now


def _tell(session: Session, claimed: Claimed, now: datetime) -> None:
    workspace_id, person_id = claimed.key
    session.execute(
        update(InstantNews)
        .where(
            InstantNews.workspace_id == workspace_id,
            InstantNews.person_id == person_id,
            InstantNews.mail_id == claimed.mail_id,
        )
        .values(told_at=now)
        .execution_options(synchronize_session=False)
    )


def _try_again(
    sessions: sessionmaker[Session], claimed: Claimed, failure: SendingFailed, now: datetime
) -> None:
    """Later, or never: what could not be sent for most of a day is no news any more."""
    log.warning("instant_mail_failed", person=str(claimed.key[1]), reason=str(failure))
    with sessions.begin() as session:
        wish = session.get(MailWish, claimed.key, with_for_update=True)
        if wish is None or wish.lease_until != claimed.lease:
            return
        wait = None if failure.permanent else pause(wish.attempts)
        if wait is None:
            _tell(session, claimed, now)
            wish.attempts = 0
        wish.lease_until = now + wait if wait else None
