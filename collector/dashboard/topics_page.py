"""What customers say: the topics of a company, a journey or a touchpoint, and the comments of one of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from collector import journeys, topics
from collector.dashboard import comments
from collector.dashboard.board_page import all_touchpoints
from collector.dashboard.comments import Comment
from collector.dashboard.sources import Chosen
from collector.journeys import Journey, Touchpoint
from collector.topics import Asked, Topics

READ = 200
"""Comments of one topic that are shown."""


@dataclass(frozen=True)
class TopicsPage:
    """All that the page shows; ``comments`` are those of ``topic_id``, where one was chosen."""

    chosen: Chosen
    band: str | None
    found: Topics
    names: Mapping[str, str]
    journeys: Sequence[Journey]
    touchpoints: Sequence[Touchpoint]
    beyond: bool
    topic_id: uuid.UUID | None = None
    comments: Sequence[Comment] = ()

    @property
    def place(self) -> str:
        """The touchpoint or journey that is looked at, as people call it; empty for the whole company."""
        if self.chosen.touchpoints:
            return self.names.get(self.chosen.touchpoints[0], self.chosen.touchpoints[0])
        return next((each.name for each in self.journeys if each.key == self.chosen.journey), "")


def open_topics(
    session: Session,
    workspace_id: uuid.UUID,
    chosen: Chosen,
    band: str | None = None,
    topic_id: uuid.UUID | None = None,
) -> TopicsPage:
    """The page; raises 404 for a journey or touchpoint that is not here."""
    if chosen.journey:
        journeys.get(session, workspace_id, chosen.journey)
    for key in chosen.touchpoints or ():
        journeys.touchpoint(session, workspace_id, key)
    every = all_touchpoints(session, workspace_id)
    outside = journeys.scoping.outside(session, chosen.touchpoints or ())
    page = TopicsPage(
        chosen=chosen,
        band=band,
        found=topics.read(session, workspace_id, asked(workspace_id, chosen, band)),
        names={key: each.label for key, each in every.items()},
        journeys=journeys.list_journeys(session, workspace_id, limit=500).items,
        touchpoints=sorted(every.values(), key=lambda each: each.label.lower()),
        beyond=bool(outside),
    )
    if topic_id is None:
        return page
    among = answers_of(session, workspace_id, chosen, topic_id, band)
    found = comments.latest(session, workspace_id, chosen, READ, band, among=among)
    return replace(page, topic_id=topic_id, comments=found)


def answers_of(
    session: Session, workspace_id: uuid.UUID, chosen: Chosen, topic_id: uuid.UUID, band: str | None = None
) -> tuple[uuid.UUID, ...]:
    """The answers of a topic, the newest first, as many as are shown."""
    found = topics.members(session, workspace_id, asked(workspace_id, chosen, band), topic_id)
    return tuple(said.response_id for said in found[:READ])


def asked(workspace_id: uuid.UUID, chosen: Chosen, band: str | None = None) -> Asked:
    """What a page looks at, as topics are asked for: its channel is compared with the others."""
    wanted = comments.wanted_of(workspace_id, replace(chosen, channel=None))
    return Asked(wanted, band, chosen.channel)
