"""A panel's members read for people: page by page, by attribute, and over time; never with how they are reached."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.communities.panels.models import Panel, PanelMember
from collector.statistics import K

MONTHS = 12


@dataclass(frozen=True)
class Share:
    """How many members have a value; None where fewer than five do."""

    value: str
    count: int | None


@dataclass(frozen=True)
class Month:
    """How many joined and left in a month (``2026-11``)."""

    month: str
    joined: int
    left: int


def page(session: Session, panel: Panel, after: uuid.UUID | None, limit: int) -> Sequence[PanelMember]:
    """Members in the order in which they joined, past ones included."""
    query = select(PanelMember).where(
        PanelMember.workspace_id == panel.workspace_id, PanelMember.panel == panel.key
    )
    if after is not None:
        query = query.where(PanelMember.member_id > after)
    return session.scalars(query.order_by(PanelMember.member_id).limit(limit)).all()


def by_attribute(session: Session, panel: Panel) -> dict[str, list[Share]]:
    """attribute -> its values with how many members have each; values of fewer than five stand together, uncounted."""
    query = select(PanelMember.attributes).where(
        PanelMember.workspace_id == panel.workspace_id,
        PanelMember.panel == panel.key,
        PanelMember.left_at.is_(None),
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for attributes in session.scalars(query):
        for name, value in attributes.items():
            found[name][str(value)] += 1
    return {name: _shares(counts) for name, counts in sorted(found.items())}


def by_month(session: Session, panel: Panel, zone: str, now: datetime) -> list[Month]:
    """The last twelve months in the company's zone, oldest first."""
    query = select(PanelMember.joined_at, PanelMember.left_at).where(
        PanelMember.workspace_id == panel.workspace_id, PanelMember.panel == panel.key
    )
    joined: Counter[str] = Counter()
    left: Counter[str] = Counter()
    here = ZoneInfo(zone)
    for joined_at, left_at in session.execute(query):
        joined[f"{joined_at.astimezone(here):%Y-%m}"] += 1
        if left_at is not None:
            left[f"{left_at.astimezone(here):%Y-%m}"] += 1
    return [Month(month, joined[month], left[month]) for month in _months(now.astimezone(here))]


def _shares(counts: Counter[str]) -> list[Share]:
    large = [Share(value, count) for value, count in counts.most_common(12) if count >= K]
    return [*large, Share("", None)] if len(large) < len(counts) else large


def _months(now: datetime) -> list[str]:
    last = now.year * 12 + now.month - 1
    return [f"{each // 12}-{each % 12 + 1:02}" for each in range(last - MONTHS + 1, last + 1)]
