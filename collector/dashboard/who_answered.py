"""Those who answered beside those who were asked, by channel and persona: where the shares differ, the answers speak for
some customers more than for others. By persona, answers come in closed groups of five, as all figures do.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from collector.dashboard.sources import Chosen
from collector.kpis import asks, cube
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
    found = _asked(session, workspace_id, chosen, touchpoint, "probability")
    answers = [(each.answered, 1 / each.group[0]) for each in found if each.group[0] > 0]
    return Reach(
        sum(n for n, _ in answers),
        sum(n * weight for n, weight in answers),
        sum(n * weight**2 for n, weight in answers),
    )


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
    found = _asked(session, workspace_id, chosen, touchpoint, by)
    return {each.group[0]: (each.asked, each.answered) for each in found}


def _asked(
    session: Session, workspace_id: uuid.UUID, chosen: Chosen, touchpoint: str, by: str
) -> list[asks.Counted]:
    return asks.read(session, workspace_id, [touchpoint], chosen.period.stretch, (by,), chosen.journey)
