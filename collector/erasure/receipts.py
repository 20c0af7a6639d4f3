"""The receipt of an erasure: that it was done, when, by whom and how much went; never whose it was."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from collector import changes, clock, workspaces
from collector.changes import Change, record
from collector.erasure import actions

NOUN, VERB = "customer", "erased"


def erase_for_receipt(
    session: Session,
    company: workspaces.Company,
    customer: str,
    actor: str,
    now: datetime,
    occurred_at: datetime | None = None,
) -> tuple[dict[str, int], uuid.UUID]:
    """Erase a customer, by their own id or a pseudonym; how much went, and the number of the receipt."""
    names = workspaces.pseudonyms.names_of(session, company, customer)
    erased = actions.erase_all(session, company.workspace_id, names, now, occurred_at)
    return erased, receipt(session, company.workspace_id, erased, actor, now)


def receipt(
    session: Session, workspace_id: uuid.UUID, erased: Mapping[str, int], actor: str, now: datetime
) -> uuid.UUID:
    """Put an erasure into the record; the number under which it can be found there, to be given to the customer."""
    number = clock.new_id()
    record(session, workspace_id, now, actor, VERB, NOUN, str(number), None, erased)
    return number


def listed(
    session: Session, workspace_id: uuid.UUID, number: str = "", before: uuid.UUID | None = None
) -> Sequence[Change]:
    """Receipts, the newest first: all, or the one of a number."""
    wanted = changes.Wanted(NOUN, number.strip() or None, verb=VERB)
    return changes.changes(session, workspace_id, wanted, before=before)
