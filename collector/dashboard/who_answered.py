"""Those who answered beside those who were asked, by channel and persona: where the shares differ, the answers speak for
some customers more than for others. By persona, answers come in closed groups of five, as all figures do.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from collector.dashboard.readings import Funnel
from collector.dashboard.sources import Chosen
from collector.kpis import asks, cube
from collector.statistics import Share, hidden, share


class Responders(NamedTuple):
    """Of the customers asked in one channel, or of one persona: how many answered."""

    by: str
    name: str
    answered: Share


BY = ("channel", "persona", "probability")


def who_was_asked(
    session: Session, workspace_id: uuid.UUID, chosen: Chosen, touchpoint: str
) -> list[asks.Counted]:
    """All customers asked there in the period, by all that is told of them."""
    return asks.read(session, workspace_id, [touchpoint], chosen.period.stretch, BY, chosen.journey)


def who_answered(
    session: Session,
    workspace_id: uuid.UUID,
    chosen: Chosen,
    metric: str,
    asked: Sequence[asks.Counted],
) -> list[Responders]:
    """The groups with five customers or more, those least heard first; nothing where all are of one group."""
    channels, personas = _counts(asked, "channel"), _counts(asked, "persona")
    closed = _in_closed_groups(session, workspace_id, chosen, metric)
    told = {name: (all_of, min(all_of, closed.get(name, 0))) for name, (all_of, _) in personas.items()}
    return [*_shown("channel", channels), *_shown("persona", told)]


def stations(asked: Sequence[asks.Counted]) -> Funnel:
    """How many were asked in all, saw the question, and answered it."""
    return Funnel(*map(sum, zip(*((each.asked, each.seen, each.answered) for each in asked), strict=True)))


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


def reach(asked: Sequence[asks.Counted]) -> Reach:
    """For how many customers their answers stand, by the probability with which each was asked."""
    chance = BY.index("probability")
    answers = [(each.answered, 1 / each.group[chance]) for each in asked if each.group[chance] > 0]
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


def _counts(asked: Sequence[asks.Counted], by: str) -> dict[str, tuple[int, int]]:
    """Group -> (asked, answered); an empty name for customers without one."""
    found: dict[str, tuple[int, int]] = {}
    for each in asked:
        name = each.group[BY.index(by)]
        all_of, answered = found.get(name, (0, 0))
        found[name] = all_of + each.asked, answered + each.answered
    return found
