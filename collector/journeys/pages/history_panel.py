"""Who changed what, when: the lines of the panel beside each form, newest first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from collector import changes
from collector.journeys import definitions, diff
from collector.journeys.definitions import Definition, Journey
from collector.journeys.pages.words import Words

SHOWN = 20


@dataclass(frozen=True)
class Line:
    """One change; ``version`` is what a journey's change made, None for other nouns."""

    at: datetime
    actor: str
    verb: str
    changes: tuple[str, ...]
    version: int | None = None


def lines(
    session: Session, workspace_id: uuid.UUID, item: Definition, words: Words, limit: int = SHOWN
) -> list[Line]:
    """The last changes of a definition."""
    noun = type(item).__name__.lower()
    version = item.version if isinstance(item, Journey) else None
    found = []
    for row in changes.changes(session, workspace_id, noun=noun, key=item.key, limit=limit):
        makes = row.verb in ("create", "version")
        found.append(Line(row.at, row.actor, row.verb, _what(row, words), version if makes else None))
        if version is not None and makes:
            version -= 1
    return found


def _what(row: changes.Change, words: Words) -> tuple[str, ...]:
    if row.before is None or row.after is None:
        return ()
    if row.noun != "journey":
        names = dict.fromkeys([*row.before, *row.after])
        return tuple(words.field(name) for name in names if row.before.get(name) != row.after.get(name))
    before, after = definitions.journey(row.before), definitions.journey(row.after)
    return tuple(words.difference(diff.compare(before, after), names_in(before, after)))


def names_in(*journeys: Journey) -> dict[str, str]:
    """The names of all steps and phases by key; the last journey's win."""
    return {
        **{phase.key: phase.name for journey in journeys for phase in journey.phases},
        **{step.key: step.name for journey in journeys for step in journey.steps},
    }
