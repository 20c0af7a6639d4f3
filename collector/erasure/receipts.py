"""The receipt of an erasure: that it was done, when, by whom and how much went; never whose it was."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from collector import clock
from collector.changes import record


def receipt(
    session: Session, workspace_id: uuid.UUID, erased: Mapping[str, int], actor: str, now: datetime
) -> uuid.UUID:
    """Put an erasure into the record; the number under which it can be found there, to be given to the customer."""
    number = clock.new_id()
    record(session, workspace_id, now, actor, "erased", "customer", str(number), None, erased)
    return number
