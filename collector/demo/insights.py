"""The demo company's insights: some new, some worked on, one done a month ago, each from what the verdicts state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from collector import insights, journeys, workspaces
from collector.insights import Cited, Insight, Task, Thought, doing, recovery
from collector.kpis import Window, verdicts

PERIOD, FILED_AGO, DONE_AGO = timedelta(days=89), timedelta(days=45), timedelta(days=30)
STEPS = {"new": (), "working": ("accepted", "working"), "done": ("accepted", "working", "done")}
STORY = ("done", "working", "new", "new")
"""How far each of the first insights is, the weightiest first. What is done was filed a fortnight before, if it showed then."""


def add(session: Session, workspace: workspaces.Workspace, by: str, now: datetime) -> int:
    """File the first few verdicts as insights; how many."""
    filed: set[str] = set()
    for state in STORY:
        filed_at = (now - FILED_AGO, now - DONE_AGO) if state == "done" else (now,)
        stated = ((at, cited) for at in filed_at for cited in _stated(session, workspace, at.date(), filed))
        at, cited = next(stated, (now, None))
        if cited is None:
            break
        filed_row = _file(session, workspace, cited, by, at)
        _see_through(session, filed_row, state, by, filed_at[-1])
        filed.add(cited.touchpoint)
    while recovery.are_due(session, now):
        recovery.evaluate(session, now)
    return len(filed)


def _stated(
    session: Session, workspace: workspaces.Workspace, last: date, filed: set[str]
) -> Iterator[Cited]:
    """What the verdicts call worse than the rest, beside those that were filed already."""
    who, first = workspace.workspace_id, last - PERIOD
    found = []
    for key in verdicts.journey_keys(session, who):
        window = Window(first, last, first - PERIOD - timedelta(days=1))
        judged = verdicts.of_journey(session, who, window, key, verdicts.places(session, who, key))
        found += [(each.part, each.touchpoint, key) for each in judged.pains]
    for _part, touchpoint, key in sorted(found):
        if touchpoint in filed:
            continue
        yield Cited("touchpoint", key, touchpoint, first, last)


def _file(session: Session, workspace: workspaces.Workspace, cited: Cited, by: str, at: datetime) -> Insight:
    who = workspace.workspace_id
    name = journeys.touchpoint(session, who, cited.touchpoint).name
    kept = insights.gather(session, who, cited)
    thought = Thought(f"{name}: what is going wrong?", cited.touchpoint, None, cited.journey, evidence=kept)
    return insights.file(session, who, thought, by, at)


def _see_through(session: Session, row: Insight, state: str, by: str, at: datetime) -> None:
    owners = insights.reading.owners_of(session, [row])[row.insight_id]
    if state != "new" and owners:
        due = at.date() + timedelta(days=-2 if state == "working" else 14)
        action = doing.add(session, row, Task("Look at ten cases together", owners[0], due), by, at)
        if state == "done":
            doing.change(session, action, {"state": "done", "result": "Two causes found and mended"}, by, at)
    for step in STEPS[state]:
        insights.move(session, row, step, by, at)
