"""Who is in a panel, by pseudonym: what runs ask. Contact data is never part of it (``contacts``)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from collector import db
from collector.communities.panels.models import Panel, PanelMember


@dataclass(frozen=True)
class Member:
    """A member as runs know them; ``active`` until they leave."""

    subject_ref: str
    attributes: Mapping[str, Any]
    active: bool


def member_of(
    session: Session, *, workspace_id: uuid.UUID, panel_key: str, subject_ref: str
) -> Member | None:
    """A customer's membership, past ones included; None for who never joined."""
    query = _of_panel(workspace_id, panel_key).where(PanelMember.customer == subject_ref)
    row = session.scalars(query).first()
    return None if row is None else _member(row)


def members_of(session: Session, *, workspace_id: uuid.UUID, panel_key: str) -> list[Member]:
    """Who is in a panel now, in the order of their pseudonyms."""
    query = _of_panel(workspace_id, panel_key).where(PanelMember.left_at.is_(None))
    return [_member(row) for row in session.scalars(query.order_by(PanelMember.customer))]


def has_left(session: Session, workspace_id: uuid.UUID, customer: str | None, panel: str) -> bool:
    """Whether somebody was in a panel and is so no more."""
    query = _of_panel(workspace_id, panel).where(PanelMember.customer == customer)
    row = session.scalars(query).first()
    return row is not None and row.left_at is not None


def panels_of(session: Session, member: PanelMember) -> list[Panel]:
    """The panels that a member is in now, by name."""
    of = and_(Panel.workspace_id == PanelMember.workspace_id, Panel.key == PanelMember.panel)
    mine = PanelMember.workspace_id == member.workspace_id, PanelMember.customer == member.customer
    query = select(Panel).join(PanelMember, of).where(*mine, PanelMember.left_at.is_(None))
    return list(session.scalars(query.order_by(Panel.name, Panel.key)))


def row_of(session: Session, panel: Panel, names: Collection[str], lock: bool = False) -> PanelMember | None:
    """A customer's row, under whichever of their pseudonyms; with ``lock`` who changes it meanwhile is waited for."""
    query = _of_panel(panel.workspace_id, panel.key).where(PanelMember.customer.in_(list(names)))
    query = query.order_by(PanelMember.customer)
    found = db.lock(session, query) if lock else query
    return session.scalars(found.execution_options(populate_existing=True)).first()


def _of_panel(workspace_id: uuid.UUID, panel_key: str) -> Select[PanelMember]:
    return select(PanelMember).where(PanelMember.workspace_id == workspace_id, PanelMember.panel == panel_key)


def _member(row: PanelMember) -> Member:
    return Member(row.customer, row.attributes, row.left_at is None)
