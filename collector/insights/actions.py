"""Verbs: file an insight, move it on, and what people add to it; each is in the record."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from collector import clock, errors, journeys, responses
from collector.insights import announcing, reading, recovery, rules
from collector.insights.models import Insight, InsightCitation, InsightComment, InsightLink, InsightOwner
from collector.workspaces import scopes, sight


@dataclass(frozen=True)
class Thought:
    """What somebody files: where it is, what it says, what it rests on. Without ``owners``: those of the place."""

    title: str
    touchpoint: str | None = None
    before: str | None = None
    journey: str | None = None
    text: str = ""
    owners: Sequence[str] | None = None
    evidence: dict[str, Any] | None = None
    cites: Sequence[uuid.UUID] = ()

    @property
    def kind(self) -> str:
        return "journey" if not self.touchpoint else "handover" if self.before else "touchpoint"


def file(session: Session, workspace_id: uuid.UUID, thought: Thought, by: str, now: datetime) -> Insight:
    """Keep an insight; raises 404 for a place or an answer that is not here, 403 where none of its owners is in scope."""
    title = thought.title.strip()
    if not title:
        raise errors.BadInput("An insight needs a title.", fields={"title": ["is empty"]})
    owners = _owners(session, workspace_id, thought)
    row = Insight(
        workspace_id=workspace_id,
        insight_id=clock.new_id(),
        kind=thought.kind,
        touchpoint=thought.touchpoint,
        before=thought.before,
        journey=thought.journey,
        title=title,
        text=thought.text.strip(),
        evidence=thought.evidence,
        priority=rules.weight(thought.evidence).priority if thought.evidence else 0.0,
        created_by=by,
        created_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    _set_owners(session, row, owners)
    for response_id in dict.fromkeys(thought.cites):
        _cite(session, row, response_id, by, now)
    announcing.note_insight(session, row, by, "filed", now, None, said(row, owners))
    return row


def move(
    session: Session,
    row: Insight,
    state: str,
    by: str,
    now: datetime,
    was: str | None = None,
    reason: str = "",
) -> Insight:
    """Take an insight on to another state; raises 409 where somebody else was quicker (``was``: what the caller saw)."""
    before, reason = was or row.state, reason.strip()
    if before not in rules.STATES:
        raise errors.BadInput("There is no such state.", fields={"was": ["unknown"]})
    rules.check_move(before, state, reason)
    done_at = now if state == "done" else row.done_at if state == "checked" else None
    here = (Insight.workspace_id == row.workspace_id, Insight.insight_id == row.insight_id)
    moved = session.execute(
        update(Insight)
        .where(*here, Insight.state == before)
        .values(state=state, reason=reason, changed_at=now, done_at=done_at)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise errors.Conflict("Somebody moved it meanwhile. Look at it again.", "insight_moved")
    session.refresh(row)
    if state == "done":
        recovery.watch(session, row, now)
    elif before in {"done", "checked"} and state == "working":
        recovery.stop(session, row)
    after = {"state": state} | ({"reason": reason} if reason else {})
    announcing.note_insight(session, row, by, state, now, {"state": before}, after)
    return row


def edit(session: Session, row: Insight, given: dict[str, Any], by: str, now: datetime) -> Insight:
    """Change its title, its text or its owners."""
    before = said(row, reading.owners_of(session, [row])[row.insight_id])
    if "title" in given and not given["title"].strip():
        raise errors.BadInput("An insight needs a title.", fields={"title": ["is empty"]})
    for name in ("title", "text"):
        if name in given:
            setattr(row, name, given[name].strip())
    if "owners" in given:
        _set_owners(session, row, _known(session, row.workspace_id, given["owners"]))
    row.changed_at = now
    session.flush()
    after = said(row, reading.owners_of(session, [row])[row.insight_id])
    if after != before:
        announcing.note_insight(session, row, by, "edited", now, before, after)
    return row


def comment(session: Session, row: Insight, text: str, by: str, now: datetime) -> InsightComment:
    """Say something about it to the others."""
    if not text.strip():
        raise errors.BadInput("A comment needs words.", fields={"text": ["is empty"]})
    made = InsightComment(
        workspace_id=row.workspace_id,
        comment_id=clock.new_id(),
        insight_id=row.insight_id,
        text=text.strip(),
        written_by=by,
        written_at=now,
    )
    session.add(made)
    session.flush()
    announcing.note_insight(session, row, by, "commented", now, None, {"comment_id": str(made.comment_id)})
    return made


def attach(session: Session, row: Insight, url: str, title: str, by: str, now: datetime) -> InsightLink:
    """Attach something by its address; raises 422 for what no browser should open."""
    if not _opens(url):
        raise errors.BadInput(
            "Attach an address that begins with https:// or http://.", "bad_link", {"url": ["is no address"]}
        )
    made = InsightLink(
        workspace_id=row.workspace_id,
        link_id=clock.new_id(),
        insight_id=row.insight_id,
        url=url.strip(),
        title=title.strip() or url.strip()[:200],
        added_by=by,
        added_at=now,
    )
    session.add(made)
    session.flush()
    announcing.note_insight(session, row, by, "attached", now, None, {"url": made.url})
    return made


def cite(session: Session, row: Insight, response_id: uuid.UUID, by: str, now: datetime) -> None:
    """Cite an answer; raises 404 for one that is not in the session's scope."""
    _cite(session, row, response_id, by, now)
    announcing.note_insight(session, row, by, "cited", now, None, {"response_id": str(response_id)})


def said(row: Insight, owners: Sequence[str]) -> dict[str, Any]:
    """What the record keeps of it."""
    place = {name: value for name in ("touchpoint", "before", "journey") if (value := getattr(row, name))}
    return {"title": row.title, **place, "owners": list(owners), "state": row.state}


def _cite(session: Session, row: Insight, response_id: uuid.UUID, by: str, now: datetime) -> None:
    answer = responses.find(session, row.workspace_id, response_id)
    key = (row.workspace_id, row.insight_id, response_id)
    if session.get(InsightCitation, key) is None:
        made = InsightCitation(
            workspace_id=row.workspace_id,
            insight_id=row.insight_id,
            response_id=response_id,
            touchpoint=answer.touchpoint,
            cited_by=by,
            cited_at=now,
        )
        session.add(made)
        session.flush()


def _owners(session: Session, workspace_id: uuid.UUID, thought: Thought) -> list[str]:
    """The owners of a new insight: as said, else those of its place."""
    places = _places(session, workspace_id, thought)
    if thought.owners is not None:
        return _known(session, workspace_id, thought.owners)
    owned = journeys.owners_of_all(session, workspace_id)
    found = sorted({owner for place in places for owner in owned.get(place, ())})
    _demand(session, found)
    return found


def _places(session: Session, workspace_id: uuid.UUID, thought: Thought) -> list[str]:
    """The touchpoints that it is about; raises 404 for what is not here, 422 where it names no place."""
    named = [each for each in (thought.touchpoint, thought.before) if each]
    for key in named:
        journeys.touchpoint(session, workspace_id, key)
    if thought.before and not thought.touchpoint:
        raise errors.BadInput("A handover has two sides.", fields={"touchpoint": ["is needed"]})
    if thought.journey:
        journey = journeys.get(session, workspace_id, thought.journey)
        return named or list(journey.touchpoints)
    if not named:
        raise errors.BadInput(
            "Say where it is: a touchpoint or a journey.",
            "no_place",
            {"touchpoint": ["or `journey` is needed"]},
        )
    return named


def _known(session: Session, workspace_id: uuid.UUID, owners: Sequence[str]) -> list[str]:
    known = [each.key for each in journeys.stakeholders(session, workspace_id)]
    found = scopes.checked(list(owners), known) or []
    _demand(session, found)
    return found


def _demand(session: Session, owners: Sequence[str]) -> None:
    """Raises 403 where whoever files or edits would see nothing of it afterwards."""
    if not sight.of(session).scope.covers(owners):
        raise errors.NotAllowed("None of its owners is in your scope.", "out_of_scope")


def _set_owners(session: Session, row: Insight, owners: Sequence[str]) -> None:
    here = (InsightOwner.workspace_id == row.workspace_id, InsightOwner.insight_id == row.insight_id)
    session.execute(delete(InsightOwner).where(*here))
    rows = [
        InsightOwner(workspace_id=row.workspace_id, insight_id=row.insight_id, stakeholder=owner)
        for owner in owners
    ]
    session.add_all(rows)
    session.flush()


def _opens(url: str) -> bool:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and len(url) <= 2000
