"""Those who answered beside those who were asked, by channel and persona: where the shares differ, the answers speak for
some customers more than for others. By persona, answers come in closed groups of five, as all figures do.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from collector.dashboard.sources import ASKED, Chosen
from collector.invitations import Invitation
from collector.kpis import cube
from collector.statistics import Share, hidden, share


class Responders(NamedTuple):
    """Of the customers asked in one channel, or of one persona: how many answered."""

    by: str
    name: str
    answered: Share


def who_answered(
    session: Session, workspace_id: uuid.UUID, chosen: Chosen, touchpoint: str, metric: str
) -> list[Responders]:
    """The groups with five customers or more, those least heard first; nothing where all are of one group."""
    channels = _counts(session, workspace_id, chosen, touchpoint, "channel")
    personas = _counts(session, workspace_id, chosen, touchpoint, "persona")
    closed = _in_closed_groups(session, workspace_id, chosen, metric)
    told = {name: (asked, min(asked, closed.get(name, 0))) for name, (asked, _) in personas.items()}
    return [*_shown("channel", channels), *_shown("persona", told)]


class Reach(NamedTuple):
    """For how many ``n`` answers stand: ``weight`` sums 1 / the probability with which each was asked, ``squares`` its square."""

    n: int
    weight: float
    squares: float

    @property
    def is_more(self) -> bool:
        """Whether any of them was asked by chance."""
        return self.weight > self.n * (1 + 1e-9)

    @property
    def is_uneven(self) -> bool:
        """Whether some of them stand for more customers than others."""
        return 0 < self.effective_n < self.n

    @property
    def effective_n(self) -> int:
        """Kish's n: from how many equally weighted answers a score would be as certain as from these, weighted."""
        return round(self.weight**2 / self.squares) if self.squares else 0


def reach(session: Session, workspace_id: uuid.UUID, chosen: Chosen, touchpoint: str) -> Reach:
    """For how many customers the answers to invitations of the period stand, by each one's stored probability."""
    table = Invitation
    answered = table.state == "answered"
    weight = 1.0 / table.probability
    query = select(func.count(), func.sum(weight), func.sum(weight * weight))
    n, total, squares = session.execute(
        query.where(*_asked(workspace_id, chosen, touchpoint), answered, table.probability > 0)
    ).one()
    return Reach(int(n), float(total or 0), float(squares or 0))


def _shown(by: str, counts: Mapping[str, tuple[int, int]]) -> list[Responders]:
    unseen = hidden({name: asked for name, (asked, _) in counts.items()})
    found = [
        Responders(by, name, share(answered, asked))
        for name, (asked, answered) in counts.items()
        if name not in unseen
    ]
    return sorted(found, key=lambda each: (each.answered.value or 0, each.name)) if len(found) > 1 else []


def _in_closed_groups(
    session: Session, workspace_id: uuid.UUID, chosen: Chosen, metric: str
) -> dict[str, int]:
    """Persona -> answers in closed groups: an exact count beside a live total would tell who gave the last answer."""
    wanted = replace(chosen.slice(metric, chosen.period), sources=("solicited",))
    found: Counter[str] = Counter()
    for cell in cube.read_cells(session, workspace_id, wanted, ("persona",)):
        found[str(cell.group[0])] += cell.n
    return found


def _counts(
    session: Session, workspace_id: uuid.UUID, chosen: Chosen, touchpoint: str, by: str
) -> dict[str, tuple[int, int]]:
    """Group -> (asked, answered); an empty name for customers without one."""
    table = Invitation
    group = func.coalesce(getattr(table, by), "")
    query = select(group, func.count(), func.sum(case((table.state == "answered", 1), else_=0)))
    rows = session.execute(query.where(*_asked(workspace_id, chosen, touchpoint)).group_by(group))
    return {name: (int(asked), int(answered)) for name, asked, answered in rows}


def _asked(workspace_id: uuid.UUID, chosen: Chosen, touchpoint: str) -> list[ColumnElement[bool]]:
    table, (since, until) = Invitation, chosen.period.bounds
    found = [
        table.workspace_id == workspace_id,
        table.touchpoint == touchpoint,
        table.source == "solicited",
        table.target == "touchpoint",
        table.run.is_(None),  # whom a run asked is told on its own page
        table.state.in_(ASKED),
        table.created_at >= since,
        table.created_at < until,
    ]
    return found if chosen.journey is None else [*found, table.journey == chosen.journey]
