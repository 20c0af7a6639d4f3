"""A collector that is killed while it stores answers together loses none that it has thanked for, and doubles none."""

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
from pathlib import Path
from typing import Any

import served
from sqlalchemy import select

from collector import db
from collector.responses import Response

ANSWERS, SENDERS, LONG = 48, 12, 60.0


def test_what_was_thanked_for_is_there_once(database_url: str, tmp_path: Path) -> None:
    with served.serve(database_url, tmp_path) as collector:
        bodies = [body(token) for token in invited(collector, ANSWERS)]
        thanked, may_kill = [0], threading.Event()

        def send(given: dict[str, Any]) -> int:
            status = until_thanked(collector, given)
            thanked[0] += 1
            if thanked[0] >= ANSWERS // 4:
                may_kill.set()
            return status

        with ThreadPoolExecutor(SENDERS) as pool:
            sent = [pool.submit(send, given) for given in bodies]
            assert may_kill.wait(LONG)
            os.kill(child_of(collector.process.pid), signal.SIGKILL)
            statuses = [future.result(LONG) for future in sent]
        assert set(statuses) <= {200, 201}
    assert stored(database_url) == sorted(given["response_id"] for given in bodies)


def until_thanked(collector: served.Collector, given: dict[str, Any]) -> int:
    """Send an answer again until somebody thanks for it, as the widget does."""
    deadline = time.monotonic() + LONG
    while time.monotonic() < deadline:
        try:
            status, _ = collector.post("/w/v1/responses", given)
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
