"""Verbs of actions: what somebody does about an insight, by when, and what came of it; each is in the record."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import clock, errors, journeys
from collector.insights import announcing, rules
from collector.insights.models import Action, Insight

CHANGED = ("title", "owner", "person", "due", "remind", "result")


@dataclass(frozen=True)
class Task:
    """What is to be done: by which department (and which person of it), until which day."""

    title: str
    owner: str
    due: date
    person: str = ""
    remind: date | None = None


def add(session: Session, insight: Insight, task: Task, by: str, now: datetime) -> Action:
    """Plan an action; raises 422 for a department that is not here."""
    row = Action(
        workspace_id=insight.workspace_id,
        action_id=clock.new_id(),
        insight_id=insight.insight_id,
        title=task.title.strip(),
        owner=task.owner,
        person=task.person.strip(),
        due=task.due,
        remind=task.remind,
        created_by=by,
        created_at=now,
        changed_at=now,
    )
    _check(session, row)
    session.add(row)
    session.flush()
    announcing.note_action(session, row, by, "planned", now, None, said(row))
    return row


def get(session: Session, insight: Insight, action_id: uuid.UUID) -> Action:
    """One action of an insight; raises 404."""
    row = session.get(Action, (insight.workspace_id, action_id))
    if row is None or row.insight_id != insight.insight_id:
        raise errors.NotFound("There is no such action.", "unknown_action")
    return row


def change(session: Session, row: Action, given: dict[str, Any], by: str, now: datetime) -> Action:
    """Change an action, or end it with its result; raises 409 where somebody else has ended it meanwhile."""
    before = said(row)
    for name in CHANGED:
        if name in given:
            value = given[name]
            setattr(row, name, value.strip() if isinstance(value, str) else value)
    _check(session, row)
    row.changed_at = now
    session.flush()
    state = given.get("state", row.state)
    if state != row.state:
        _end(session, row, state, now)
    if said(row) != before:
        verb = state if state != before["state"] else "edited"
        announcing.note_action(session, row, by, verb, now, before, said(row))
    return row


def of(session: Session, insight: Insight) -> list[Action]:
    """The actions of an insight, the first due first."""
    here = (Action.workspace_id == insight.workspace_id, Action.insight_id == insight.insight_id)
    return list(session.scalars(select(Action).where(*here).order_by(Action.due, Action.action_id)))


def of_all(session: Session, rows: Sequence[Insight]) -> dict[uuid.UUID, list[Action]]:
    """Insight -> its actions, the first due first."""
    found: dict[uuid.UUID, list[Action]] = {row.insight_id: [] for row in rows}
    if rows:
        query = select(Action).where(
            Action.workspace_id == rows[0].workspace_id, Action.insight_id.in_(found)
        )
        for action in session.scalars(query.order_by(Action.due, Action.action_id)):
            found[action.insight_id].append(action)
    return found


def open_of(session: Session, rows: Sequence[Insight]) -> dict[uuid.UUID, list[date]]:
    """Insight -> the days on which its open actions are due."""
    found: dict[uuid.UUID, list[date]] = {row.insight_id: [] for row in rows}
    if rows:
        query = select(Action.insight_id, Action.due).where(
            Action.workspace_id == rows[0].workspace_id,
            Action.insight_id.in_(found),
            Action.state == "open",
        )
        for insight_id, due in session.execute(query.order_by(Action.due)):
            found[insight_id].append(due)
    return found


def open_actions(
    session: Session, workspace_id: uuid.UUID, owners: list[str] | None, limit: int = 50
) -> list[tuple[Action, Insight]]:
    """What some departments (None: all) still have to do, the first due first, with what it is for."""
    query = (
        select(Action, Insight)
        .join(
            Insight,
            (Insight.workspace_id == Action.workspace_id) & (Insight.insight_id == Action.insight_id),
        )
        .where(Action.workspace_id == workspace_id, Action.state == "open")
    )
    if owners is not None:
        query = query.where(Action.owner.in_(owners))
    rows = session.execute(query.order_by(Action.due, Action.action_id).limit(limit))
    return [(action, insight) for action, insight in rows]


def said(row: Action) -> dict[str, Any]:
    """What the record keeps of it."""
    return {
        "insight_id": str(row.insight_id),
        "title": row.title,
        "owner": row.owner,
        "person": row.person,
        "due": row.due.isoformat(),
        "remind": row.remind.isoformat() if row.remind else None,
        "state": row.state,
        "result": row.result,
    }


def _end(session: Session, row: Action, state: str, now: datetime) -> None:
    if state not in rules.ACTION_STATES:
        raise errors.BadInput("There is no such state.", fields={"state": ["must be open, done or dropped"]})
    here = (Action.workspace_id == row.workspace_id, Action.action_id == row.action_id)
    moved = session.execute(
        update(Action)
        .where(*here, Action.state == row.state)
        .values(state=state, done_at=now if state == "done" else None)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise errors.Conflict("Somebody moved it meanwhile. Look at it again.", "action_moved")
    session.refresh(row)


def _check(session: Session, row: Action) -> None:
    if not row.title:
        raise errors.BadInput("An action needs a title.", fields={"title": ["is empty"]})
    known = {each.key for each in journeys.stakeholders(session, row.workspace_id)}
    if row.owner not in known:
        raise errors.BadInput(
            f"There is no such stakeholder: {row.owner}.",
            "unknown_stakeholder",
            {"owner": [f"must be one of: {', '.join(sorted(known)) or 'none yet'}"]},
        )
    if row.remind and row.remind > row.due:
        raise errors.BadInput(
            "A reminder comes before the day it is due.", "late_reminder", {"remind": ["lies behind `due`"]}
        )
