"""The job that sends what somebody is told at once: one mail for all that waits (see ``leased``)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import Session

from collector import clock, config, looks
from collector.digests import gathering, leased, noticing
from collector.digests.framing import frame_of, speaker_of
from collector.digests.models import InstantNews, MailWish
from collector.digests.rendering import render_instant
from collector.workspaces import Person

Held = leased.Held[uuid.UUID]
"""With the mail's own id: what was tried before is tried again as it was."""


def send_due(session: Session, now: datetime, settings: config.Config) -> int:
    """Send one mail that is due; how many were claimed. Of ``session`` only the engine is used."""
    return leased.send(session, now, settings, KIND)


def are_due(session: Session, now: datetime) -> bool:
    """Whether anything waits to be told: a look that locks nothing."""
    return looks.found(session, _due, now)


def claim(session: Session, now: datetime) -> Held | None:
    """Lease one person's mail that nobody holds."""
    row = session.scalars(_due(now).limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    news = _untold(session, row)
    tried = next((each.mail_id for each in news if each.mail_id), None)
    mail_id = tried or clock.new_id()
    for each in news if tried is None else ():
        each.mail_id = mail_id
    held = leased.hold(row, now, mail_id)
    session.flush()
    return held


def _due(now: datetime) -> Select[MailWish]:
    mine = (
        InstantNews.workspace_id == MailWish.workspace_id,
        InstantNews.person_id == MailWish.person_id,
    )
    waiting = exists().where(*mine, InstantNews.told_at.is_(None), InstantNews.due_at <= now)
    query = select(MailWish).where(leased.is_free(MailWish.lease_until, now), waiting)
    return query.order_by(MailWish.workspace_id, MailWish.person_id)


def _untold(session: Session, wish: MailWish) -> list[InstantNews]:
    mine = (InstantNews.workspace_id == wish.workspace_id, InstantNews.person_id == wish.person_id)
    query = select(InstantNews).where(*mine, InstantNews.told_at.is_(None))
    return list(session.scalars(query.order_by(InstantNews.occasion)))


def _pack(session: Session, held: Held, settings: config.Config, now: datetime) -> leased.Packed:
    """The mail; none where nothing of it is theirs, wanted or there any more."""
    wish, person = session.get_one(MailWish, held.key), session.get_one(Person, held.key)
    nothing = leased.Packed(None, [])
    if person.ended_at is not None:
        return nothing
    rows = [
        row
        for row in _untold(session, wish)
        if row.mail_id == held.claim
        and row.noticed_at >= now - noticing.FRESH
        and getattr(wish, row.kind) == "at_once"
    ]
    news = gathering.gather_instant(session, person, [(row.kind, row.key) for row in rows], now)
    if not news.is_new:
        return nothing
    frame = frame_of(session, person, settings, wish.stop_key, f"news.{held.claim}")
    return leased.Packed(render_instant(news, frame, speaker_of(session, person), now), [])


def _told(session: Session, wish: MailWish, held: Held, _packed: leased.Packed, now: datetime) -> None:
    _end(session, wish, held, now)
    wish.told_at = now


def _end(session: Session, _wish: MailWish, held: Held, now: datetime) -> None:
    """What stood in this mail is told no more; what could not be sent for most of a day is no news either."""
    workspace_id, person_id = held.key
    session.execute(
        update(InstantNews)
        .where(
            InstantNews.workspace_id == workspace_id,
            InstantNews.person_id == person_id,
            InstantNews.mail_id == held.claim,
        )
        .values(told_at=now)
        .execution_options(synchronize_session=False)
    )


KIND = leased.Kind("instant_mail", MailWish, claim, _pack, _told, _end)
