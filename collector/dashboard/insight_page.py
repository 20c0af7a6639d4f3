"""Insights as pages show them: the board by state, one whole with its evidence, and what is open on a desk."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from collector import changes, journeys
from collector.changes import Change
from collector.dashboard.board_page import all_touchpoints
from collector.insights import (
    Action,
    Citation,
    Insight,
    Loop,
    Recovery,
    Wanted,
    Weight,
    asked_again,
    doing,
    evidence,
    following_up,
    reading,
    recovery,
    rules,
)
from collector.journeys import Stakeholder
from collector.kpis import Verdict

SHOWN, DECLINED = 100, 20


@dataclass(frozen=True)
class Card:
    """One insight in a list: whose it is, where, and what is still to be done for it."""

    row: Insight
    owners: tuple[Stakeholder, ...]
    place: str
    weight: Weight | None
    open: int
    overdue: int


@dataclass(frozen=True)
class Task:
    """An open action, what it is for, and whether its day or its reminder has come."""

    action: Action
    insight: Insight
    owner: str
    overdue: bool
    near: bool


@dataclass(frozen=True)
class InsightPage:
    """All that the page of an insight shows; ``names``: touchpoints and journeys by key."""

    card: Card
    names: Mapping[str, str]
    verdict: Verdict | None
    citations: tuple[Citation, ...]
    tasks: tuple[Task, ...]
    comments: Sequence[object]
    links: Sequence[object]
    history: tuple[Change, ...]
    recovery: Recovery | None
    loop: Loop | None
    stakeholders: tuple[Stakeholder, ...]

    @property
    def days(self) -> tuple[date, date] | None:
        """The days that its evidence is of."""
        kept = self.card.row.evidence
        return (date.fromisoformat(kept["from"]), date.fromisoformat(kept["to"])) if kept else None

    @property
    def picked(self) -> bool:
        """Whether its recovery is measured against days that were picked because they looked bad."""
        return self.recovery is not None and recovery.picks(self.recovery, self.card.row)

    @property
    def moves(self) -> tuple[str, ...]:
        """The states that it may go to."""
        return rules.MOVES[self.card.row.state]


def open_board(
    session: Session, workspace_id: uuid.UUID, owner: str | None, touchpoint: str | None, today: date
) -> dict[str, list[Card]]:
    """State -> its insights, the weightiest first; of those that were declined the first few."""
    found: dict[str, list[Card]] = {}
    for state in rules.STATES:
        limit = DECLINED if state == "declined" else SHOWN
        rows = reading.listed(session, workspace_id, Wanted([state], owner, touchpoint), limit=limit)
        found[state] = cards(session, workspace_id, rows, today)
    return found


def open_insight(
    session: Session, workspace_id: uuid.UUID, insight_id: uuid.UUID, today: date
) -> InsightPage:
    """The page of an insight; raises 404 for one that is not here, or not theirs who ask."""
    row = reading.get(session, workspace_id, insight_id)
    (card,) = cards(session, workspace_id, [row], today)
    owners = tuple(journeys.stakeholders(session, workspace_id))
    actions = doing.of(session, row)
    noted = changes.changes(session, workspace_id, noun="insight", key=str(insight_id), limit=SHOWN)
    return InsightPage(
        card=card,
        names=_names(session, workspace_id),
        verdict=evidence.restored(row.evidence) if row.evidence else None,
        citations=tuple(reading.citations_of(session, row)),
        tasks=tuple(_task(each, row, owners, today) for each in actions),
        comments=reading.comments_of(session, row),
        links=reading.links_of(session, row),
        history=tuple(noted),
        recovery=recovery.of(session, row),
        loop=asked_again.of(session, row) if row.state in following_up.DONE else None,
        stakeholders=owners,
    )


def mine(
    session: Session, workspace_id: uuid.UUID, owners: Collection[str] | None, today: date, limit: int = 20
) -> list[Card]:
    """The open insights of some departments (None: all), the weightiest first."""
    rows = reading.listed(session, workspace_id, Wanted(rules.OPEN), limit=SHOWN)
    owned = reading.owners_of(session, rows)
    theirs = [row for row in rows if owners is None or not set(owners).isdisjoint(owned[row.insight_id])]
    return cards(session, workspace_id, theirs[:limit], today)


def tasks(
    session: Session, workspace_id: uuid.UUID, owners: list[str] | None, today: date
) -> tuple[Task, ...]:
    """The open actions of some departments, the first due first."""
    known = tuple(journeys.stakeholders(session, workspace_id))
    found = doing.open_actions(session, workspace_id, owners)
    return tuple(_task(action, insight, known, today) for action, insight in found)


def cards(session: Session, workspace_id: uuid.UUID, rows: Sequence[Insight], today: date) -> list[Card]:
    """Insights as cards."""
    names = _names(session, workspace_id)
    known = {each.key: each for each in journeys.stakeholders(session, workspace_id)}
    owned, due = reading.owners_of(session, rows), doing.open_of(session, rows)
    return [
        Card(
            row,
            tuple(known[key] for key in owned[row.insight_id] if key in known),
            place(row, names),
            rules.weight(row.evidence) if row.evidence else None,
            len(due[row.insight_id]),
            sum(day < today for day in due[row.insight_id]),
        )
        for row in rows
    ]


def place(row: Insight, names: Mapping[str, str]) -> str:
    """Where it is, as people call it."""
    parts = [names.get(key, key) for key in (row.before, row.touchpoint) if key]
    return " → ".join(parts) or names.get(row.journey or "", row.journey or "")


def _names(session: Session, workspace_id: uuid.UUID) -> dict[str, str]:
    listed = journeys.list_journeys(session, workspace_id, limit=500).items
    touchpoints = all_touchpoints(session, workspace_id).items()
    return {each.key: each.name for each in listed} | {key: each.label for key, each in touchpoints}


def _task(action: Action, insight: Insight, owners: Sequence[Stakeholder], today: date) -> Task:
    name = next((each.name for each in owners if each.key == action.owner), action.owner)
    is_open = action.state == "open"
    near = is_open and (action.remind or action.due) <= today
    return Task(action, insight, name, is_open and action.due < today, near)
