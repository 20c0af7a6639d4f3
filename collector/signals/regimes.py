"""How often something was signalled already, and whether that stands: one alarm per regime."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from collector import lists, prepared
from collector.signals.models import Signal

_SIGNAL = Signal.__table__.c
_TOLD = (
    select(_SIGNAL.subject, _SIGNAL.regime, _SIGNAL.since, _SIGNAL.ended_at, _SIGNAL.ended)
    .where(_SIGNAL.workspace_id == bindparam("workspace_id"), _SIGNAL.rule == bindparam("rule"))
    .where(lists.any_of(_SIGNAL.touchpoint, "touchpoints"))
    .order_by(_SIGNAL.regime)
)


@dataclass(frozen=True)
class Regime:
    """The last alarm of a subject: its number, its days, and how it ended; number 0 where there was none."""

    number: int = 0
    since: date | None = None
    until: date | None = None
    ended: str = ""

    @property
    def stands(self) -> bool:
        return self.number > 0 and not self.ended

    def covers(self, day: date) -> bool:
        """Whether a day lies within it."""
        return self.since is not None and self.since <= day and (self.until is None or day <= self.until)


def last(
    session: Session, workspace_id: uuid.UUID, rule: str, touchpoints: Sequence[str]
) -> dict[str, Regime]:
    """Subject -> its last regime, of all subjects at some touchpoints."""
    session.flush()  # what was raised a moment ago
    given = {"workspace_id": workspace_id, "rule": rule, "touchpoints": sorted(touchpoints)}
    return {
        subject: Regime(regime, since, ended_at.date() if ended_at else None, ended)
        for subject, regime, since, ended_at, ended in prepared.send(session, _TOLD, [given])
    }
