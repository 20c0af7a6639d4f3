"""Traffic that remembers what it was thanked for, and whether the database has all of it, once."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from collector import db
from collector.invitations import Decision, Trigger
from collector.kpis.models import Rollup
from collector.responses import Response

REST = 0.1
"""Seconds between two tries of the same request."""
LONG = 60.0


@dataclass
class Ledger:
    """Senders that trigger and answer, each again with the same ids until it is thanked."""

    port: int
    key: str
    senders: int = 6
    pause: float = 0.0
    """Seconds that a sender takes between two customers: to be there without pause takes all processors."""
    decided: dict[str, str | None] = field(default_factory=dict)
    """Trigger -> invitation, of those that were acknowledged."""
    answered: dict[str, int] = field(default_factory=dict)
    """Response -> score, of those that were acknowledged."""
    statuses: Counter[object] = field(default_factory=Counter)
    refused: list[Any] = field(default_factory=list)
    """What no retry mends, which is nothing."""

    def __post_init__(self) -> None:
        self._stopped, self._lock = threading.Event(), threading.Lock()
        self._numbers = itertools.count()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(self.senders)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin nothing more; what has begun is sent until it is thanked for."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(LONG)
            assert not thread.is_alive(), "nobody thanks any more"

    def more(self, answers: int = 10, seconds: float = LONG) -> None:
        """Wait until so many more answers were thanked for."""
        goal, deadline = len(self.answered) + answers, time.monotonic() + seconds
        while len(self.answered) < goal:
            assert time.monotonic() < deadline, f"waited in vain for answers: {self.statuses}"
            time.sleep(0.05)

    def _run(self) -> None:
        while not self._stopped.wait(self.pause):
            number = next(self._numbers)
            trigger_id, response_id = str(uuid.uuid4()), str(uuid.uuid4())
            asked = {
                "trigger_id": trigger_id, "transaction": f"t-{uuid.uuid4().hex}", "touchpoint": "order-confirmed",
                "journey": "first-order", **({"customer": f"c-{uuid.uuid4().hex}"} if number % 2 else {}),
            }  # fmt: skip
            done = self._until_thanked("/api/v1/triggers", {"triggers": [asked]})
            invitation = done["decisions"][0]["invitation"] if done else None
            with self._lock:
                if done:
                    self.decided[trigger_id] = invitation and invitation["id"]
            if not invitation:
                continue
            score, token = number % 11, invitation["token"]
            answer = {
                "token": token,
                "response_id": response_id,
                "answers": {"score": score},
                "complete": True,
            }
            if self._until_thanked("/w/v1/responses", answer):
                with self._lock:
                    self.answered[response_id] = score

    def _until_thanked(self, path: str, body: dict[str, Any]) -> Any:
        deadline = time.monotonic() + LONG
        while time.monotonic() < deadline:
            status, said = self._send(path, body)
            with self._lock:
                self.statuses[status] += 1
            if status in {200, 201}:
                return said
            if isinstance(status, int) and status != 503:
                self.refused.append((path, status, said))
                return None
            time.sleep(REST)
        self.refused.append((path, "never thanked", None))
        return None

    def _send(self, path: str, body: dict[str, Any]) -> tuple[object, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            return type(error).__name__, None
        finally:
            connection.close()

    def check(self, url: str) -> None:
        """All that was thanked for is in the database once, and counted once."""
        assert self.refused == []
        with db.opened(url) as engine, engine.connect() as connection:
            _wait_until_counted(connection)
            scores = {
                str(key): score
                for key, score in connection.execute(select(Response.response_id, Response.score))
            }
            invitations = Counter(connection.scalars(select(Response.invitation_id)))
            decided = {
                str(key): invitation and str(invitation)
                for key, invitation in connection.execute(select(Decision.trigger_id, Decision.invitation_id))
            }
            triggers = Counter(map(str, connection.scalars(select(Trigger.trigger_id))))
            counted = connection.scalar(select(func.sum(Rollup.n)))
        assert {key: scores.get(key) for key in self.answered} == self.answered
        assert [key for key, n in invitations.items() if n > 1] == []
        assert {key: decided.get(key) for key in self.decided} == self.decided
        assert [key for key, n in triggers.items() if n > 1 or key not in decided] == []
        assert counted == len(scores)


def _wait_until_counted(connection: Connection) -> None:
    waiting = select(func.count()).select_from(Response).where(Response.counted_at.is_(None))
    deadline = time.monotonic() + LONG
    while connection.scalar(waiting):
        connection.rollback()
        assert time.monotonic() < deadline, "answers are not counted"
        time.sleep(0.2)
    connection.rollback()
