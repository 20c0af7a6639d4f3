"""My desk: what is mine to do first, then my touchpoints, then the journeys that I stand in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from collector import journeys
from collector.dashboard import comments, marks, owner_page, statements
from collector.dashboard.board_page import all_touchpoints
from collector.dashboard.comments import Comment
from collector.dashboard.models import CommentMark
from collector.dashboard.owner_page import Place
from collector.dashboard.period import Period
from collector.dashboard.sources import Chosen
from collector.dashboard.statements import Stated
from collector.journeys import Journey, Stakeholder

LOOKED_THROUGH, SHOWN = 200, 20
KEPT = timedelta(days=365)
"""So long an unhappy comment waits on a desk to be marked as done, whatever period the figures are of."""


@dataclass(frozen=True)
class Voice:
    """An unhappy comment that nobody is done with, how far somebody is, and whether it is new to who looks."""

    comment: Comment
    mark: CommentMark | None
    is_new: bool


@dataclass(frozen=True)
class DeskPage:
    """All that the desk shows; ``more`` unhappy comments wait beside those that are shown, and ``new`` of all are new."""

    owners: tuple[Stakeholder, ...]
    stated: Stated
    voices: tuple[Voice, ...]
    more: int
    new: int
    places: tuple[Place, ...]
    journeys: tuple[Journey, ...]
    names: dict[str, str]

    @property
    def is_cut(self) -> bool:
        """Whether more may wait than were looked through."""
        return len(self.voices) + self.more >= LOOKED_THROUGH


def open_desk(
    session: Session,
    workspace_id: uuid.UUID,
    scope: Sequence[str] | None,
    period: Period,
    today: date,
    last_visit: datetime | None = None,
) -> DeskPage:
    """The desk of whoever stands for some stakeholders; without a scope, of all."""
    owners = [
        each for each in journeys.stakeholders(session, workspace_id) if scope is None or each.key in scope
    ]
    keys = [owner.key for owner in owners]
    every = all_touchpoints(session, workspace_id)
    mine = {key: each for key, each in every.items() if not set(keys).isdisjoint(each.owners)}
    waiting = Period(today - KEPT, today, zone=period.zone)
    voices = _voices(session, workspace_id, Chosen(waiting, touchpoints=tuple(mine)), last_visit)
    shown = _shown(voices)
    stood_in = [
        journey
        for journey in journeys.list_journeys(session, workspace_id, limit=500).items
        if not set(mine).isdisjoint(journey.touchpoints)
    ]
    return DeskPage(
        owners=tuple(owners),
        stated=statements.about_owners(session, workspace_id, period, keys),
        voices=tuple(shown),
        more=len(voices) - len(shown),
        new=sum(each.is_new for each in voices),
        places=tuple(owner_page.places_of(session, workspace_id, period, list(mine.values()))),
        journeys=tuple(stood_in),
        names={key: each.label for key, each in mine.items()},
    )


def _voices(
    session: Session, workspace_id: uuid.UUID, chosen: Chosen, last_visit: datetime | None
) -> list[Voice]:
    """The unhappy comments that nobody is done with: untouched ones first, then the newest."""
    done = marks.done(workspace_id)
    found = comments.latest(session, workspace_id, chosen, LOOKED_THROUGH, "bottom", but=done)
    marked = marks.of(session, workspace_id, [each.response_id for each in found])
    voices = [
        Voice(each, marked.get(each.response_id), is_since(each.received_at, last_visit)) for each in found
    ]
    return sorted(voices, key=lambda each: each.mark is not None)


def _shown(voices: list[Voice]) -> list[Voice]:
    """Those that wait, and after them those in hand: however many wait, nobody loses sight of what they work on."""
    waiting = [each for each in voices if each.mark is None]
    in_hand = [each for each in voices if each.mark is not None]
    return waiting[:SHOWN] + in_hand[:SHOWN]


def is_since(at: datetime, last_visit: datetime | None) -> bool:
    """Whether something is new to who was here before; in somebody's first visit nothing is, or all would be."""
    return last_visit is not None and at > last_visit
