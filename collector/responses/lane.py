"""The fast lane: answers that arrive at once are committed at once, and each is told its own outcome."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session, sessionmaker

from collector import db, errors, invitations, test_mode
from collector.responses import batches
from collector.responses.actions import Submitted
from collector.responses.batches import Given, Outcome
from collector.together import Together

log = structlog.get_logger("collector.responses")


class Lane:
    """The answers of one process, on their way into its database."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._readers = db.make_readers(sessions)
        self._together = Together[Given, Outcome](self._write)

    def submit(self, said: dict[str, Any], now: datetime) -> Submitted | None:
        """Store an answer together with those that came with it; None: it must be taken alone (``actions.submit``).

        Raises what ``actions.submit`` raises, and 503 where too many wait.
        """
        given = self._read(said, now)
        outcome = self._together.do(given) if given else None
        if isinstance(outcome, errors.AfterwordError):
            raise outcome
        return outcome

    def _read(self, said: dict[str, Any], now: datetime) -> Given | None:
        """Whose answer it is; None where nothing is stored yet that it could belong to."""
        with self._readers() as reader:
            if test_mode.is_test(reader, said["token"]):
                return None
            workspace_id, facts = invitations.read_token(reader, said["token"], now)
        return None if facts.source == "volunteered" else Given(workspace_id, facts.invitation_id, said, now)

    def _write(self, waiting: Callable[[], list[Given]]) -> list[Outcome]:
        """Take a batch in one transaction; where that fails for one answer's sake, each alone."""
        with self._sessions() as session:
            session.connection()  # begins: who comes until it is our turn is taken along
            given = waiting()
            try:
                outcomes = batches.take(session, given)
                session.commit()
            except Exception as error:
                if db.is_passing(error):
                    session.invalidate()
                    raise
                log.warning("answers_taken_one_by_one", error=type(error).__name__, answers=len(given))
                return [None] * len(given)
            return outcomes
