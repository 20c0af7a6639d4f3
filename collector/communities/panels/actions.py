"""Verbs: make and change a panel, write the next version of its consent text, read both."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import db, errors, journeys, values
from collector.changes import record
from collector.communities.panels.models import Panel, PanelConsent, PanelMember

SAID = ("name", "rest_days", "reminders", "remind_after_days", "joins_at")


@dataclass(frozen=True)
class Counts:
    """How many are in a panel, and how many have left it."""

    active: int = 0
    left: int = 0


def get(session: Session, workspace_id: uuid.UUID, key: str, lock: bool = False) -> Panel:
    """A panel; raises 404."""
    query = select(Panel).where(Panel.workspace_id == workspace_id, Panel.key == key)
    row = session.scalars(db.lock(session, query) if lock else query).first()
    if row is None:
        raise errors.NotFound("There is no such panel.", "unknown_panel")
    return row


def check_key(key: str) -> None:
    """Raises 422 for what cannot be a key."""
    if not re.match(values.KEY, key):
        raise errors.BadInput(
            "Some of this does not fit.", fields={"key": ["must be 1 to 64 of a-z 0-9 _ . -"]}
        )


def everyone(session: Session, workspace_id: uuid.UUID) -> list[Panel]:
    """All panels of a company, by name."""
    query = select(Panel).where(Panel.workspace_id == workspace_id)
    return list(session.scalars(query.order_by(Panel.name, Panel.key)))


def make(
    session: Session, workspace_id: uuid.UUID, given: Mapping[str, Any], actor: str, now: datetime
) -> Panel:
    """A new panel with the first version of its consent text; raises 409 where its key is taken."""
    _check_touchpoint(session, workspace_id, given.get("joins_at"))
    if session.get(Panel, (workspace_id, given["key"])) is not None:
        raise errors.Conflict("There is a panel with this key.", "panel_exists")
    said = {name: given[name] for name in SAID if name in given}
    row = Panel(workspace_id=workspace_id, key=given["key"], created_at=now, **said)
    session.add(row)
    session.flush()
    record(session, workspace_id, now, actor, "made", "panel", row.key, None, _said(row))
    agree_to(session, row, given["consent"], actor, now, bool(given.get("one_by_one")))
    return row


def change(session: Session, row: Panel, given: Mapping[str, Any], actor: str, now: datetime) -> Panel:
    """Change a panel's name, limits or place; what it was stands in the record."""
    before = _said(row)
    _check_touchpoint(session, row.workspace_id, given.get("joins_at"))
    for name in SAID:
        if name in given:
            setattr(row, name, given[name])
    session.flush()
    if _said(row) != before:
        record(session, row.workspace_id, now, actor, "changed", "panel", row.key, before, _said(row))
    return row


def agree_to(
    session: Session,
    row: Panel,
    texts: Mapping[str, str],
    actor: str,
    now: datetime,
    one_by_one: bool = False,
) -> PanelConsent:
    """Write the next version of what members agree to; the same texts again are no new version."""
    get(session, row.workspace_id, row.key, lock=True)  # two who write at once get two versions
    newest = consent(session, row)
    wanted = {locale: text.strip() for locale, text in texts.items()}
    if newest is not None and (newest.texts, newest.one_by_one) == (wanted, one_by_one):
        return newest
    made = PanelConsent(
        workspace_id=row.workspace_id,
        panel=row.key,
        version=newest.version + 1 if newest else 1,
        texts=wanted,
        one_by_one=one_by_one,
        created_at=now,
    )
    session.add(made)
    session.flush()
    said = {"version": made.version, "texts": made.texts, "one_by_one": made.one_by_one}
    record(session, row.workspace_id, now, actor, "changed", "panel_consent", row.key, None, said)
    return made


def consents(session: Session, row: Panel) -> Sequence[PanelConsent]:
    """All versions of a panel's consent text, the newest first."""
    query = select(PanelConsent).where(
        PanelConsent.workspace_id == row.workspace_id, PanelConsent.panel == row.key
    )
    return session.scalars(query.order_by(PanelConsent.version.desc())).all()


def consent(session: Session, row: Panel) -> PanelConsent | None:
    """What members agree to who join now."""
    return next(iter(consents(session, row)), None)


def consent_of(session: Session, row: Panel, version: str) -> PanelConsent | None:
    """One version of what members agree to; None where there is none of this number."""
    return next((each for each in consents(session, row) if str(each.version) == version), None)


def text_of(row: PanelConsent) -> str:
    """A version's name, as members' proofs carry it."""
    return f"{row.panel[:56]}-{row.version}"


def counts(session: Session, workspace_id: uuid.UUID) -> dict[str, Counts]:
    """panel -> how many are in it and have left it."""
    query = select(
        PanelMember.panel,
        func.count().filter(PanelMember.left_at.is_(None)),
        func.count(PanelMember.left_at),
    ).where(PanelMember.workspace_id == workspace_id)
    return {
        key: Counts(active, left) for key, active, left in session.execute(query.group_by(PanelMember.panel))
    }


def _said(row: Panel) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SAID}


def _check_touchpoint(session: Session, workspace_id: uuid.UUID, key: str | None) -> None:
    if key and journeys.find_touchpoint(session, workspace_id, key) is None:
        raise errors.BadInput(
            "There is no such touchpoint.", "unknown_touchpoint", {"joins_at": ["is not known"]}
        )
