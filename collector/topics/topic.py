"""A topic: comments that say nearly the same, how many people said it, and whether that has changed. Pure."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from collector.kpis import band_of
from collector.responses import Said
from collector.statistics import LEAST, K, exact, false_discoveries
from collector.topics import naming
from collector.topics.naming import Stems

EXAMPLES = 3
Split = tuple[list[Said], list[Said]]
"""The comments of a group in the period and in the one before, each with its newest first."""


@dataclass(frozen=True)
class Topic:
    """Comments that say nearly the same: at least five people's, the newest first.

    ``n`` people said it in the period and ``n_before`` in the one before, ``unhappy`` of them with a low score.
    ``change``: ``new``, ``more`` or ``fewer`` where that goes beyond chance beside all topics compared (``q``), else empty.
    """

    topic_id: uuid.UUID
    terms: tuple[str, ...]
    members: tuple[Said, ...]
    n: int
    n_before: int
    unhappy: int
    change: str
    q: float | None

    @property
    def name(self) -> str:
        """Its words in a row."""
        return " · ".join(self.terms)

    @property
    def examples(self) -> tuple[Said, ...]:
        """A few of its comments, the unhappy first, none word for word twice."""
        unhappy_first = sorted(self.members, key=lambda said: not _is_unhappy(said))
        different = {said.comment.casefold(): said for said in reversed(unhappy_first)}
        return tuple(said for said in unhappy_first if different[said.comment.casefold()] is said)[:EXAMPLES]

    @property
    def touchpoint(self) -> str:
        """Where most of it was said."""
        return Counter(said.touchpoint for said in self.members).most_common(1)[0][0]


def topics(
    groups: Sequence[Split], now: Sequence[Said], before: Sequence[Said], stems: Stems
) -> tuple[list[Topic], int]:
    """The topics that five people named in this period, the unhappiest first; and how many were compared.

    Compared are those that five people named in both periods together, so that nothing is picked for its rise.
    """
    compared = _compared(groups, now, before)
    return _named([each for each in compared if people(each.of) >= K], now, stems), len(compared)


def new(groups: Sequence[Split], now: Sequence[Said], before: Sequence[Said]) -> list[Topic]:
    """Those of them that are new: most often none, and nothing is given a name."""
    found = [each for each in _compared(groups, now, before) if each.change == "new" and people(each.of) >= K]
    return _named(found, now, naming.stems_of(now)) if found else []


class Compared(NamedTuple):
    """A group of comments in the period and in the one before, and how it moved."""

    of: list[Said]
    against: list[Said]
    change: str
    q: float | None


def _compared(groups: Sequence[Split], now: Sequence[Said], before: Sequence[Said]) -> list[Compared]:
    enough = [(of, against) for of, against in groups if people(of) + people(against) >= K]
    changes = _changes(enough, people(now), people(before))
    return [Compared(*both, *change) for both, change in zip(enough, changes, strict=True)]


def _named(groups: Sequence[Compared], now: Sequence[Said], stems: Stems) -> list[Topic]:
    often = naming.often(now, stems)
    found = [_topic(each, naming.terms(each.of[::-1], stems, often, len(now))) for each in groups]
    return sorted(found, key=lambda topic: (-topic.unhappy, -topic.n, topic.name))


def _topic(group: Compared, terms: tuple[str, ...]) -> Topic:
    of, against, change, q = group
    unhappy = [each for each in of if _is_unhappy(each)]
    return Topic(
        topic_id=of[-1].response_id,
        terms=terms,
        members=tuple(of),
        n=people(of),
        n_before=people(against),
        unhappy=people(unhappy),
        change=change,
        q=q,
    )


def _changes(groups: Sequence[Split], size: int, size_before: int) -> list[tuple[str, float | None]]:
    """How each topic moved, where that goes beyond chance among all of them; nothing is said of under 30 people a side."""
    if min(size, size_before) < LEAST:
        return [("", None)] * len(groups)
    counts = [(people(of), people(against)) for of, against in groups]
    q = false_discoveries.q_values([exact.two_sided(n, size, other, size_before) for n, other in counts])
    return [
        (_change(n / size, other / size_before) if each <= false_discoveries.LEVEL else "", each)
        for (n, other), each in zip(counts, q, strict=True)
    ]


def _change(share: float, share_before: float) -> str:
    return "fewer" if share < share_before else "more" if share_before else "new"


def people(said: Sequence[Said]) -> int:
    """How many people wrote these: who is not named counts by the answer."""
    return len({each.customer or each.response_id for each in said})


def _is_unhappy(said: Said) -> bool:
    return band_of(said.metric, said.score) == "bottom"
