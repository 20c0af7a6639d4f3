"""The fast lane: answers that arrive at once are committed at once, and each is told its own outcome."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from collector import db, errors, one_commit
from collector.responses import batches, links
from collector.responses.adding import Submitted
from collector.responses.batches import Given, Outcome
from collector.together import Together


class Lane:
    """The answers of one process, on their way into its database."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._readers = db.make_readers(sessions)
        self._together = Together[Given, Outcome](self._write, lane=lambda given: given.workspace_id)

    def submit(self, said: dict[str, Any], now: datetime) -> Submitted | None:
        """Store an answer together with those that came with it; None: it must be taken alone (``actions.submit``).

        Raises what ``actions.submit`` raises, and 503 where too many wait.
        """
        given = self._read(said, now)
        outcome = self._together.do(given) if given else None
        if isinstance(outcome, errors.AfterwordError):
            raise outcome
        return outcome if isinstance(outcome, Submitted) else None

    def _read(self, said: dict[str, Any], now: datetime) -> Given | None:
        """Whose answer it is; None where nothing is stored yet that it could belong to."""
        link = links.read(self._readers, said["token"], now)
        return Given(*link, said, now) if link else None

    def _write(self, waiting: Callable[[], list[Given]]) -> list[Outcome]:
        """Take a batch in one transaction, and then what came before its trigger in another, which locks in another order."""
        given: list[Given] = []

        def queued() -> list[Given]:
            given.extend(waiting())
            return given

        outcomes: list[Outcome] = one_commit.write(self._sessions, queued, batches.take, "answers")
        if early := [n for n, outcome in enumerate(outcomes) if outcome is batches.UNKNOWN]:
            ours = [given[n] for n in early]
            taken = one_commit.write(self._sessions, lambda: ours, batches.take_by_link, "answers by link")
            outcomes = [taken.pop(0) if n in early else outcome for n, outcome in enumerate(outcomes)]
        return outcomes
