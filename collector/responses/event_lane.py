"""What pages tell at once is noted at once: one commit for many events, and each page hears when its own stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from collector import db, invitations, one_commit
from collector.invitations import Told
from collector.responses import links
from collector.together import Together


class EventLane:
    """The events of one process, on their way into its database."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._readers = db.make_readers(sessions)
        self._together = Together[Told, bool | None](self._write, lane=lambda told: told.workspace_id)

    def note(self, token: str, event: str, now: datetime) -> bool:
        """Note an event together with those that came with it; False: it must be noted alone (``trying.note``).

        Raises what ``trying.note`` raises, and 503 where too many wait.
        """
        link = links.read(self._readers, token, now)
        if link is None:
            return False
        workspace_id, facts = link
        return bool(self._together.do(Told(workspace_id, facts.invitation_id, event, now)))

    def _write(self, waiting: Callable[[], list[Told]]) -> list[bool | None]:
        return one_commit.write(self._sessions, waiting, invitations.note_all, "events")
