"""Triggers that arrive at once, each in a request of its own, are decided as one batch, and each is told its own decisions.

A request that brings many is decided piece by piece, each committed, so that others go between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from collector import one_commit, places, workspaces
from collector.invitations import actions
from collector.invitations.ledger import Entry
from collector.invitations.models import Trigger
from collector.together import Together

PIECE, TRANSACTION = 100, 128
"""How many triggers of one request are decided at once, and how many of all that wait."""


@dataclass(frozen=True)
class Brought:
    """The triggers of one request."""

    workspace: workspaces.Company
    rows: list[Trigger]
    now: datetime


class Lane:
    """The triggers of one process, on their way into its database."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._together = Together[Brought, list[Entry] | None](
            self._write,
            most=TRANSACTION,
            lane=lambda brought: brought.workspace.workspace_id,
            weight=lambda brought: len(brought.rows),
        )

    def trigger(self, workspace: workspaces.Company, items: Sequence[Mapping[str, Any]], now: datetime) -> list[Entry]:  # fmt: skip
        """Decide triggers together with those that came with them.

        Raises what ``actions.trigger`` raises, and 503 where too many wait. Whoever calls holds no transaction.
        """
        rows = actions.read(workspace, items, now)
        found: list[Entry] = []
        for first in range(0, len(rows), _piece(items)):
            piece = rows[first : first + _piece(items)]
            made = self._together.do(Brought(workspace, piece, now))
            found += self._alone(workspace, piece, now) if made is None else made
        return found

    def _alone(self, workspace: workspaces.Company, rows: list[Trigger], now: datetime) -> list[Entry]:
        def decided() -> list[Entry]:
            with self._sessions.begin() as session:
                return actions.decide(session, workspace, rows, now)

        return places.apart(decided)

    def _write(self, waiting: Callable[[], list[Brought]]) -> list[list[Entry] | None]:
        return one_commit.write(self._sessions, waiting, _take, "triggers")


def _piece(items: Sequence[Mapping[str, Any]]) -> int:
    """How many are decided at once: all, where some have no name by which they would be known if they were sent again."""
    return PIECE if all(item["trigger_id"] for item in items) else len(items)


def _take(session: Session, brought: Sequence[Brought]) -> list[list[Entry] | None]:
    """Decide what some requests brought, workspace by workspace, as if each workspace's had come in one."""
    found: list[list[Entry] | None] = [None] * len(brought)
    brought_by = ((n, one.workspace.workspace_id) for n, one in enumerate(brought))
    for indexes in one_commit.by_workspace(brought_by).values():
        rows = [row for n in indexes for row in brought[n].rows]
        entries = iter(
            actions.decide(session, brought[indexes[0]].workspace, rows, max(brought[n].now for n in indexes))
        )
        for n in indexes:
            found[n] = [next(entries) for _ in brought[n].rows]
    return found
