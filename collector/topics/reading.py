"""What customers say in a period, put together: topics with their trend, and the words that tell groups apart.

All of it is read from the answers as they stand and kept nowhere: what is hidden, erased or out of scope is in no topic
from that moment on. At most ``MOST`` comments are read, the newest of each period, so a page costs the same however
many there are; the grouping of the same comments is remembered as bare numbers, without a word of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from collector import responses
from collector.kpis import band_of, scores_of
from collector.responses import Said
from collector.topics import contrasting, naming, topic
from collector.topics.contrasting import Side
from collector.topics.grouping import Text, group
from collector.topics.remembering import Remembered
from collector.topics.topic import Split, Topic

MOST = 10_000
"""Comments that are read, of both periods together."""


@dataclass(frozen=True)
class Asked:
    """Which comments: those of ``wanted``'s days and of as many days before; None for ``band`` and ``channel`` is all."""

    wanted: responses.Wanted
    band: str | None = None
    channel: str | None = None

    @property
    def before(self) -> responses.Wanted:
        """The same in the period before."""
        days = self.wanted.last - self.wanted.first + timedelta(days=1)
        return replace(
            self.wanted, first=self.wanted.first - days, last=self.wanted.first - timedelta(days=1)
        )

    def holds(self, said: Said) -> bool:
        """Whether a comment is of the band and the channel that are asked for."""
        return self.channel in (None, said.channel) and self.is_of_band(said)

    def is_of_band(self, said: Said) -> bool:
        """Whether a comment is of the band that is asked for."""
        return self.band is None or self.band == band_of(said.metric, said.score)


@dataclass(frozen=True)
class Read:
    """What was read: comments of the period and of the one before, and whether there are more of them."""

    now: tuple[Said, ...]
    before: tuple[Said, ...]
    is_cut: bool


@dataclass(frozen=True)
class Topics:
    """The topics, those of most unhappy people first, and the words of each side; ``channels`` are those in use."""

    comments: int
    comments_before: int
    is_cut: bool
    topics: tuple[Topic, ...]
    sides: tuple[Side, ...]
    channels: tuple[str, ...]
    compared: int


def read(session: Session, workspace_id: uuid.UUID, asked: Asked) -> Topics:
    """The topics and words of the comments that are asked for."""
    said = load(session, workspace_id, asked)
    now, before = _chosen(said.now, asked), _chosen(said.before, asked)
    stems = naming.stems_of((*said.now, *said.before))
    topics, compared = topic.topics(groups(now, before), now, before, stems)
    of_channel = [each for each in said.now if asked.channel in (None, each.channel)]
    bands = contrasting.by_band(of_channel, stems) if asked.band is None else []
    channels = contrasting.by_channel([each for each in said.now if asked.is_of_band(each)], stems)
    return Topics(
        comments=len(now),
        comments_before=len(before),
        is_cut=said.is_cut,
        topics=tuple(topics),
        sides=(*bands, *channels, contrasting.by_period(now, before, stems)),
        channels=tuple(sorted({each.channel for each in said.now if each.channel})),
        compared=compared,
    )


def members(session: Session, workspace_id: uuid.UUID, asked: Asked, topic_id: uuid.UUID) -> list[Said]:
    """The comments that stand in one group with an answer's, in the period; none where it is not there."""
    said = load(session, workspace_id, asked)
    now, before = _chosen(said.now, asked), _chosen(said.before, asked)
    for of, against in groups(now, before):
        if any(each.response_id == topic_id for each in (*of, *against)):
            return of
    return []


def newest(session: Session, workspace_id: uuid.UUID, asked: Asked, search: str, limit: int) -> list[Said]:
    """Comments of a band and a channel that have all words of a search, the newest first."""
    scores = scores_of(asked.band) if asked.band else None
    wanted = replace(asked.wanted, channel=asked.channel, scores=scores, search=search)
    return responses.said_in(session, workspace_id, wanted, limit)


def load(session: Session, workspace_id: uuid.UUID, asked: Asked) -> Read:
    """The newest comments of both periods; one that has few leaves its part to the other."""
    now = responses.said_in(session, workspace_id, asked.wanted, MOST + 1)
    before = responses.said_in(session, workspace_id, asked.before, MOST // 2 + 1)
    kept_before = before[: max(MOST // 2, MOST - len(now))]
    kept = now[: MOST - min(len(kept_before), MOST // 2)]
    return Read(tuple(kept), tuple(kept_before), len(kept) < len(now) or len(kept_before) < len(before))


def _chosen(said: Sequence[Said], asked: Asked) -> list[Said]:
    return [each for each in said if asked.holds(each)]


def groups(now: Sequence[Said], before: Sequence[Said]) -> list[Split]:
    """The comments of both periods in groups."""
    oldest_first = [*reversed(before), *reversed(now)]
    key = hash(tuple((each.response_id, each.comment) for each in oldest_first))
    leaders = _remembered.get(key, lambda: group([Text(each.comment, each.locale) for each in oldest_first]))
    found: dict[int, Split] = {}
    for place, leader in reversed(list(enumerate(leaders))):
        found.setdefault(leader, ([], []))[place < len(before)].append(oldest_first[place])
    return list(found.values())


_remembered = Remembered()
