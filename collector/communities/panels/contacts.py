"""How members are reached: e-mail, phone and name, kept apart from what runs read and sealed (``sealing``).

Opened for sending, and for people whose role sends; nothing else of the house reads them.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import structlog
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from collector import db, sealing
from collector.communities.panels.models import PanelContact

log = structlog.get_logger("collector.communities")
PURPOSE = "panel-contact"
BATCH = 200


@dataclass(frozen=True)
class Contact:
    """How somebody is reached; empty where nothing is known."""

    email: str = ""
    phone: str = ""
    name: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.email or self.phone or self.name)


def keep(
    session: Session,
    workspace_id: uuid.UUID,
    member_id: uuid.UUID,
    contact: Contact,
    secret_keys: Sequence[str],
) -> None:
    """Put a member's contact data in the place of what was known."""
    seal = sealing.seal(secret_keys, PURPOSE, workspace_id)
    plain = json.dumps(asdict(contact), ensure_ascii=False).encode()
    values = {"sealed": seal.closed(plain, _bound(workspace_id, member_id)), "key_name": seal.key_name}
    statement = db.insert(session, PanelContact).values(
        workspace_id=workspace_id, member_id=member_id, **values
    )
    session.execute(
        statement.on_conflict_do_update(index_elements=["workspace_id", "member_id"], set_=values)
    )


def opened(
    session: Session, workspace_id: uuid.UUID, members: Collection[uuid.UUID], secret_keys: Sequence[str]
) -> dict[uuid.UUID, Contact]:
    """member -> contact, of those that can be read; one sealed by a lost secret is left out, and logged."""
    seal = sealing.seal(secret_keys, PURPOSE, workspace_id)
    query = select(PanelContact).where(
        PanelContact.workspace_id == workspace_id, PanelContact.member_id.in_(list(members))
    )
    found: dict[uuid.UUID, Contact] = {}
    for row in session.scalars(query):
        try:
            plain = seal.opened(row.sealed, _bound(workspace_id, row.member_id))
        except sealing.CannotUnseal:
            log.warning("contact_unreadable", member=str(row.member_id))
            continue
        found[row.member_id] = Contact(**json.loads(plain))
    return found


def remove(session: Session, workspace_id: uuid.UUID, members: Collection[uuid.UUID]) -> None:
    """Forget how these members are reached."""
    theirs = PanelContact.workspace_id == workspace_id, PanelContact.member_id.in_(list(members))
    session.execute(delete(PanelContact).where(*theirs))


def seal_anew(session: Session, now: datetime, secret_keys: Sequence[str]) -> int:
    """Seal one batch by the newest secret that an older one still seals; how many. Then the old one may be left out."""
    done = 0
    for workspace_id in session.scalars(select(PanelContact.workspace_id).distinct()).all():
        seal = sealing.seal(secret_keys, PURPOSE, workspace_id)
        query = _under_older(workspace_id, seal).limit(BATCH).with_for_update(skip_locked=True)
        rows = session.scalars(query).all()
        known = opened(session, workspace_id, [row.member_id for row in rows], secret_keys)
        for member_id, contact in known.items():
            keep(session, workspace_id, member_id, contact, secret_keys)
        done += len(known)
    return done


def are_under_older(session: Session, now: datetime, secret_keys: Sequence[str]) -> bool:
    """Whether a secret that is about to be left out still seals anything, where there is such a secret."""
    if len(secret_keys) < 2:
        return False
    for workspace_id in session.scalars(select(PanelContact.workspace_id).distinct()):
        seal = sealing.seal(secret_keys, PURPOSE, workspace_id)
        if session.scalars(_under_older(workspace_id, seal).limit(1)).first() is not None:
            return True
    return False


def _under_older(workspace_id: uuid.UUID, seal: sealing.Seal) -> Select[PanelContact]:
    known = [sealing.Seal((key,)).key_name for key in seal.keys[1:]]
    return select(PanelContact).where(
        PanelContact.workspace_id == workspace_id, PanelContact.key_name.in_(known)
    )


def _bound(workspace_id: uuid.UUID, member_id: uuid.UUID) -> bytes:
    return workspace_id.bytes + member_id.bytes
