"""The job that sends digests: once a period, and due again only when the next one begins (see ``leased``)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector import config, looks, workspaces
from collector.digests import leased, rules, wishes
from collector.digests.framing import frame_of, speaker_of
from collector.digests.gathering import gather
from collector.digests.models import Digest
from collector.digests.rendering import render
from collector.workspaces import Person

Held = leased.Held[None]


def send_due(session: Session, now: datetime, settings: config.Config) -> int:
    """Send one digest that is due; how many were claimed. Of ``session`` only the engine is used."""
    return leased.send(session, now, settings, KIND)


def are_due(session: Session, now: datetime) -> bool:
    """Whether any digest may be due: a look that locks nothing."""
    return looks.found(session, _due, now)


def claim(session: Session, now: datetime) -> Held | None:
    """Lease one digest that nobody holds."""
    row = session.scalars(_due(now).limit(1).with_for_update(skip_locked=True)).first()
    return leased.hold(row, now, None) if row is not None else None


def _due(now: datetime) -> Select[Digest]:
    free = leased.is_free(Digest.lease_until, now)
    return select(Digest).where(Digest.due_at <= now, free).order_by(Digest.due_at)


def _pack(session: Session, held: Held, settings: config.Config, now: datetime) -> leased.Packed:
    row, person = session.get_one(Digest, held.key), session.get_one(Person, held.key)
    told = [kind for kind, when in wishes.of(session, person).items() if when == "digest"]
    news = gather(session, person, row.since, row.known, now, told)
    message_id = f"digest.{row.person_id}.{row.due_at:%Y%m%d}"
    frame = frame_of(session, person, settings, row.stop_key, message_id)
    is_told = news.is_new and person.ended_at is None
    mail = render(news, frame, speaker_of(session, person), row.due_at) if is_told else None
    return leased.Packed(mail, news.known)


def _told(session: Session, row: Digest, held: Held, packed: leased.Packed, now: datetime) -> None:
    _next(session, row, held, now)
    row.known = packed.known
    if packed.mail is not None:
        row.since = now


def _next(session: Session, row: Digest, _held: Held, now: datetime) -> None:
    """It is due when its next period begins."""
    zone = workspaces.facts(session, row.workspace_id).timezone
    row.due_at = rules.next_due(row.every, max(now, row.due_at), zone)


KIND = leased.Kind("digest", Digest, claim, _pack, _told, _next)
