"""A collector that is killed while it stores answers or events together loses none that it has thanked for, and doubles none."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import served
from sqlalchemy import select

from collector import db
from collector.invitations import Invitation
from collector.responses import Response

ANSWERS, SENDERS, LONG = 48, 12, 60.0


def test_what_was_thanked_for_is_there_once(database_url: str, tmp_path: Path) -> None:
    with served.serve(database_url, tmp_path) as collector:
        bodies = [body(token) for token in invited(collector, ANSWERS)]
        assert set(sent_and_killed(collector, "/w/v1/responses", bodies)) <= {200, 201}
    assert stored(database_url) == sorted(given["response_id"] for given in bodies)


def test_events_that_were_thanked_for_are_noted_once(database_url: str, tmp_path: Path) -> None:
    """Of each invitation what was told first stands, also where a page that heard nothing tells it again."""
    with served.serve(database_url, tmp_path) as collector:
        shown = [{"token": token, "event": "shown"} for token in invited(collector, ANSWERS)]
        assert set(sent_and_killed(collector, "/w/v1/events", shown)) == {202}
        first = times(database_url)
        assert [(state, seen is not None, ended) for state, seen, ended in first] == [
            ("open", True, None)
        ] * ANSWERS
        closed = [{**each, "event": "dismissed"} for each in shown]
        assert set(sent_and_killed(collector, "/w/v1/events", closed)) == {202}
        then = times(database_url)
        for given in (*shown, *closed):
            assert collector.post("/w/v1/events", given)[0] == 202
    assert [(state, seen) for state, seen, _ended in then] == [
        ("declined", seen) for _state, seen, _none in first
    ]
    assert all(ended is not None for _state, _seen, ended in then)
    assert times(database_url) == then


def sent_and_killed(collector: served.Collector, path: str, bodies: list[dict[str, Any]]) -> list[int]:
    """Send each until somebody thanks for it, and kill who answers when a quarter is through; each one's status."""
    thanked, may_kill = [0], threading.Event()

    def send(given: dict[str, Any]) -> int:
        status = until_thanked(collector, path, given)
        thanked[0] += 1
        if thanked[0] >= len(bodies) // 4:
            may_kill.set()
        return status

    with ThreadPoolExecutor(SENDERS) as pool:
        sent = [pool.submit(send, given) for given in bodies]
        assert may_kill.wait(LONG)
        os.kill(child_of(collector.process.pid), signal.SIGKILL)
        return [future.result(LONG) for future in sent]


def until_thanked(collector: served.Collector, path: str, given: dict[str, Any]) -> int:
    """Send an answer or an event again until somebody thanks for it, as the widget does."""
    deadline = time.monotonic() + LONG
    while time.monotonic() < deadline:
        try:
            status, _ = collector.post(path, given)
        except (OSError, http.client.HTTPException):
            status = 0
        if status not in {0, 503}:
            return status
        time.sleep(0.05)
    raise AssertionError("nobody answers")


def invited(collector: served.Collector, count: int) -> list[str]:
    place = {"touchpoint": "order-confirmed", "journey": "first-order"}
    rows = [{**place, "customer": f"c-{n}", "transaction": f"t-{n}"} for n in range(count)]
    request = urllib.request.Request(
        f"{collector.url}/api/v1/triggers",
        json.dumps({"triggers": rows}).encode(),
        {"Authorization": f"Bearer {collector.keys['server_key']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answered:
        return [row["invitation"]["token"] for row in json.load(answered)["decisions"]]


def body(token: str) -> dict[str, Any]:
    return {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}}


def child_of(parent: int) -> int:
    """The process that answers; its parent only watches it."""
    return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])


def stored(url: str) -> list[str]:
    with db.opened(url) as engine, db.make_sessions(engine)() as session:
        return sorted(str(found) for found in session.scalars(select(Response.response_id)))


def times(url: str) -> list[tuple[str, datetime | None, datetime | None]]:
    """How each invitation stands, when it was first shown, and when it was over."""
    columns = Invitation.state, Invitation.shown_at, Invitation.ended_at
    with db.opened(url) as engine, db.make_sessions(engine)() as session:
        found = session.execute(select(*columns).order_by(Invitation.invitation_id))
        return [(state, shown, ended) for state, shown, ended in found]
