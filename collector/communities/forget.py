"""What erasure removes here: a customer's memberships, how they are reached, and what they were asked."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector.communities.panels.models import PanelAsk, PanelContact, PanelMember
from collector.db import Holds, erased

HOLDS: Holds = {
    PanelMember: {"customer", "attributes", "locale", "consent_text", "consent_source"},
    PanelContact: {"sealed"},
    PanelAsk: set(),
}
"""Table -> the columns that hold a customer's data or words; a run says whom it asks, but names nobody."""


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase a customer's memberships; how many. Contacts and asks go with their member."""
    rows = PanelMember.workspace_id == workspace_id, PanelMember.customer == customer
    return erased(session, delete(PanelMember).where(*rows))
