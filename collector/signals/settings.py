"""What a workspace wants to be told: for all touchpoints, or otherwise at one."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from collector import errors, journeys, prepared
from collector.changes import record
from collector.signals import rules
from collector.signals.models import AskWatch, SignalSetting, SignalWatch

EVERYWHERE = ""


_SETTING = SignalSetting.__table__.c
_WISHES = select(_SETTING.touchpoint, _SETTING.off, _SETTING.per_year).where(
    _SETTING.workspace_id == bindparam("workspace_id")
)


@dataclass(frozen=True)
class Wish:
    """The rules that are off, and the false alarms a year that a touchpoint may have."""

    off: frozenset[str] = frozenset()
    per_year: float = rules.PER_YEAR

    def wants(self, rule: str) -> bool:
        return rule not in self.off

    def allowed(self, rule: str) -> float:
        """False alarms a year of a rule that can be wrong."""
        return rules.SHARES[rule] * self.per_year


@dataclass(frozen=True)
class Wishes:
    """What holds at each touchpoint: its own wish, else that of the workspace."""

    own: Mapping[str, Wish] = field(default_factory=dict)

    def at(self, touchpoint: str) -> Wish:
        return self.own.get(touchpoint) or self.own.get(EVERYWHERE) or Wish()

    def is_own(self, touchpoint: str) -> bool:
        return touchpoint in self.own


def of(session: Session, workspace_id: uuid.UUID) -> Wishes:
    """All wishes of a workspace."""
    session.flush()
    rows = prepared.send(session, _WISHES, [{"workspace_id": workspace_id}])
    return Wishes({row.touchpoint: Wish(frozenset(row.off), row.per_year) for row in rows})


def save(
    session: Session,
    workspace_id: uuid.UUID,
    touchpoint: str,
    off: Collection[str],
    per_year: float,
    by: str,
    now: datetime,
) -> Wish:
    """Keep a wish; raises 404 for a touchpoint that is not here, 422 for an unknown rule or a number out of bounds."""
    _check(session, workspace_id, touchpoint, off, per_year)
    before, wish = of(session, workspace_id).own.get(touchpoint), Wish(frozenset(off), per_year)
    row = session.get(SignalSetting, (workspace_id, touchpoint))
    if row is None:
        row = SignalSetting(workspace_id=workspace_id, touchpoint=touchpoint)
        session.add(row)
    row.off, row.per_year, row.changed_by, row.changed_at = sorted(off), per_year, by, now
    session.flush()
    _lay_out_anew(session, workspace_id, touchpoint)
    if wish != before:
        said = said_of(before) if before else None
        record(session, workspace_id, now, by, "set", "signals", touchpoint or "all", said, said_of(wish))
    return wish


def drop(session: Session, workspace_id: uuid.UUID, touchpoint: str, by: str, now: datetime) -> None:
    """From now on what holds everywhere holds here too."""
    before = of(session, workspace_id).own.get(touchpoint)
    here = (SignalSetting.workspace_id == workspace_id, SignalSetting.touchpoint == touchpoint)
    session.execute(delete(SignalSetting).where(*here))
    _lay_out_anew(session, workspace_id, touchpoint)
    if before:
        record(
            session, workspace_id, now, by, "removed", "signals", touchpoint or "all", said_of(before), None
        )


def _lay_out_anew(session: Session, workspace_id: uuid.UUID, touchpoint: str) -> None:
    """With the next answer, charts are laid out for the false alarms that are agreed upon by then."""
    here = [SignalWatch.workspace_id == workspace_id]
    here += [SignalWatch.touchpoint == touchpoint] if touchpoint else []
    session.execute(update(SignalWatch).where(*here, SignalWatch.alarmed.is_(False)).values(laid_out=0))
    asks = [AskWatch.workspace_id == workspace_id]
    asks += [AskWatch.touchpoint == touchpoint] if touchpoint else []
    session.execute(update(AskWatch).where(*asks, AskWatch.alarmed.is_(False)).values(laid_out=0))


def said_of(wish: Wish) -> dict[str, object]:
    """What the record keeps of a wish."""
    return {"off": sorted(wish.off), "per_year": wish.per_year}


def _check(
    session: Session, workspace_id: uuid.UUID, touchpoint: str, off: Collection[str], per_year: float
) -> None:
    if touchpoint != EVERYWHERE:
        journeys.touchpoint(session, workspace_id, touchpoint)
    if strange := sorted(set(off) - set(rules.RULES)):
        raise errors.BadInput(f"There is no such rule: {', '.join(strange)}.", fields={"off": ["unknown"]})
    if not rules.FEWEST <= per_year <= rules.MOST:
        said = f"must lie between {rules.FEWEST} and {rules.MOST:g}"
        raise errors.BadInput("So many false alarms cannot be agreed upon.", fields={"per_year": [said]})
