"""Whom a run asks of its panel: each member once, by one way, and not before the panel's own rest is over.

``enlist`` says who; jobs further down the route ask them (``invitations.asking_members``) and send to them
(``deliveries.to_members``). What is left to do stands in the row, so that a killed worker loses nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.orm import Session

from collector import db, errors, looks, statements
from collector.communities.panels.models import Panel, PanelAsk, PanelMember
from collector.communities.runs import Run, seat
from collector.interactions import tombstones

WAYS = ("email", "sms", "link", "page")
"""How a member hears of a run; ``page``: where they are signed in."""
SENT = ("email", "sms")
NEW_TURN = ("quarantine", "cap", "no_address", "not_running")
"""Why somebody was passed over who may be asked when they are enlisted again."""


@dataclass(frozen=True)
class Waiting:
    """An ask whose time has come."""

    workspace_id: uuid.UUID
    run: str
    member_id: uuid.UUID
    customer: str


def enlist(session: Session, workspace_id: uuid.UUID, run: Run, way: str, now: datetime) -> int:
    """Put a run's share of its panel on the list; how many are new there. Twice asks nobody twice."""
    if run.panel_key is None:
        raise errors.BadInput("This run asks no panel.", "no_panel")
    query = select(PanelMember).where(
        PanelMember.workspace_id == workspace_id,
        PanelMember.panel == run.panel_key,
        PanelMember.left_at.is_(None),
    )
    wanted = [row for row in session.scalars(query) if _is_wanted(run, row)]
    made = [
        PanelAsk(workspace_id=workspace_id, run=run.key, member_id=row.member_id, way=way, run_after=now)
        for row in wanted
    ]
    new = len(statements.insert_new_rows(session, made))
    again = update(PanelAsk).where(
        PanelAsk.workspace_id == workspace_id,
        PanelAsk.run == run.key,
        PanelAsk.state == "skipped",
        PanelAsk.reason.in_(NEW_TURN),
    )
    session.execute(again.values(state="waiting", way=way, run_after=now, reason=None))
    return new


def waiting(session: Session, now: datetime, limit: int) -> list[Waiting]:
    """Whose time has come, the longest due first; locks nothing."""
    return [Waiting(*row) for row in session.execute(_waiting(now).limit(limit))]


def are_waiting(session: Session, now: datetime) -> bool:
    """Whether anybody's time has come: a look that locks nothing."""
    return looks.found(session, _waiting, now)


def _waiting(now: datetime) -> Select[uuid.UUID, str, uuid.UUID, str]:
    query = (
        select(PanelAsk.workspace_id, PanelAsk.run, PanelAsk.member_id, PanelMember.customer)
        .join(PanelMember, _same_member())
        .where(PanelAsk.state == db.constant("waiting"), PanelAsk.run_after <= now)
    )
    return query.order_by(PanelAsk.run_after, PanelAsk.member_id)


def locked(
    session: Session, workspace_id: uuid.UUID, run: str, members: Collection[uuid.UUID], now: datetime
) -> Sequence[tuple[PanelAsk, PanelMember]]:
    """Those asks that still wait, locked with their members; who is held by another worker is left to it."""
    query = (
        select(PanelAsk, PanelMember)
        .join(PanelMember, _same_member())
        .where(
            PanelAsk.workspace_id == workspace_id,
            PanelAsk.run == run,
            PanelAsk.member_id.in_(list(members)),
            PanelAsk.state == "waiting",
            PanelAsk.run_after <= now,
        )
        .order_by(PanelAsk.member_id)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(query.execution_options(populate_existing=True))
    return [(ask, member) for ask, member in found]


def messages_due(session: Session, now: datetime, limit: int) -> Sequence[tuple[PanelAsk, PanelMember]]:
    """Asks of which a message must leave now, first ones and reminders, locked with their members.

    An erasure under way in one of their companies is waited for first, as whoever joins does.
    """
    due = PanelAsk.remind_at.is_not(None), PanelAsk.remind_at <= now
    for workspace_id in sorted(
        session.scalars(select(PanelAsk.workspace_id).where(*due).distinct()), key=str
    ):
        tombstones.hold_off(session, workspace_id)
    query = (
        select(PanelAsk, PanelMember)
        .join(PanelMember, _same_member())
        .where(*due)
        .order_by(PanelAsk.remind_at, PanelAsk.member_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [(ask, member) for ask, member in session.execute(query)]


def are_messages_due(session: Session, now: datetime) -> bool:
    """Whether any message must leave: a look that locks nothing."""
    return looks.found(session, _reminded, now)


def _reminded(now: datetime) -> Select[uuid.UUID]:
    return select(PanelAsk.member_id).where(PanelAsk.remind_at.is_not(None), PanelAsk.remind_at <= now)


def rested(session: Session, panel: Panel, members: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """member -> when the panel's own rest since the last ask of any run is over."""
    query = select(PanelAsk.member_id, func.max(PanelAsk.asked_at)).where(
        PanelAsk.workspace_id == panel.workspace_id,
        PanelAsk.member_id.in_(list(members)),
        PanelAsk.asked_at.is_not(None),
    )
    rest = timedelta(days=panel.rest_days)
    found = session.execute(query.group_by(PanelAsk.member_id))
    return {member: at + rest for member, at in found if at}


def of_invitation(
    session: Session, workspace_id: uuid.UUID, invitation_id: uuid.UUID
) -> tuple[PanelAsk, PanelMember, Panel] | None:
    """What an invitation asks of which member of which panel; None for one of no panel."""
    of_panel = and_(Panel.workspace_id == PanelMember.workspace_id, Panel.key == PanelMember.panel)
    query = (
        select(PanelAsk, PanelMember, Panel)
        .join(PanelMember, _same_member())
        .join(Panel, of_panel)
        .where(PanelAsk.workspace_id == workspace_id, PanelAsk.invitation_id == invitation_id)
    )
    found = session.execute(query).first()
    return None if found is None else (found[0], found[1], found[2])


def asked(session: Session, workspace_id: uuid.UUID, run: str, way: str) -> Sequence[tuple[str, uuid.UUID]]:
    """(customer, invitation) of those whom a run has asked by a way."""
    query = (
        select(PanelMember.customer, PanelAsk.invitation_id)
        .join(PanelMember, _same_member())
        .where(
            PanelAsk.workspace_id == workspace_id,
            PanelAsk.run == run,
            PanelAsk.way == way,
            PanelAsk.state == "asked",
            PanelMember.left_at.is_(None),
        )
    )
    found = session.execute(query.order_by(PanelMember.customer))
    return [(customer, invitation_id) for customer, invitation_id in found if invitation_id]


def _is_wanted(run: Run, member: PanelMember) -> bool:
    """Of the run's audience, and in its sample; its quotas are looked at when they are asked."""
    return seat(run, member.customer, member.customer, member.attributes, True).refused is None


def _same_member() -> ColumnElement[bool]:
    return and_(
        PanelMember.workspace_id == PanelAsk.workspace_id, PanelMember.member_id == PanelAsk.member_id
    )
