"""The one hand that writes the record."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import clock
from collector.changes import chain
from collector.changes.models import Change


def record(
    session: Session,
    workspace_id: uuid.UUID,
    now: datetime,
    actor: str,
    verb: str,
    noun: str,
    key: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Change:
    """Note that ``actor`` did ``verb`` to the ``noun`` named ``key``, with what it was before and is after."""
    row = Change(
        workspace_id=workspace_id,
        change_id=clock.new_id(),
        at=now,
        actor=actor,
        noun=noun,
        key=key,
        verb=verb,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
    )
    session.add(row)
    chain.expect(session, workspace_id)
    return row
