"""How members are reached: e-mail, phone and name, kept apart from what runs read and sealed (``sealing``).

Opened for sending, and for people whose role sends; nothing else of the house reads them.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector import db, sealing
from collector.communities.panels.models import PanelContact
from collector.sealed_columns import Sealed

log = structlog.get_logger("collector.communities")
PURPOSE = "panel-contact"


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


def _bound(workspace_id: uuid.UUID, member_id: uuid.UUID) -> bytes:
    return workspace_id.bytes + member_id.bytes


SEALED = (Sealed(PanelContact, "sealed", PURPOSE, lambda row: _bound(row.workspace_id, row.member_id)),)
