"""A commit that no standby has is thanked for by nobody: neither when its wait is broken off, nor when it is sent again."""

from __future__ import annotations

import json
import time
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import served
from postgresql_nodes import Node, alone, until
from sqlalchemy import text

from collector import db

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND backend_type = 'client backend'"
)
PLACE = {"touchpoint": "order-confirmed", "journey": "first-order"}


def wait_for_standbys(node: Node, names: str) -> None:
    node.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
    node.ask("SELECT pg_reload_conf()")
    until(lambda: node.ask("SHOW synchronous_standby_names") == names, "the setting")


def count(node: Node, what: str) -> int:
    with (
        db.opened(node.url().replace("postgresql:", "postgresql+psycopg:")) as engine,
        engine.connect() as connection,
    ):
        return connection.scalar(text(f"SELECT count(*) FROM {what}")) or 0


def send(collector: served.Collector, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {collector.keys['server_key']}", "Content-Type": "application/json"}
    return served._open(urllib.request.Request(collector.url + path, json.dumps(body).encode(), headers))


def trigger(**more: Any) -> dict[str, Any]:
    row = {**PLACE, "trigger_id": str(uuid.uuid4()), "transaction": f"t-{uuid.uuid4().hex}", **more}
    return {"triggers": [row]}


def event() -> dict[str, Any]:
    return {
        "interactions": [{"interaction_id": str(uuid.uuid4()), "touchpoint": "installed", "customer": "c-2"}]
    }


def writes(collector: served.Collector) -> list[tuple[str, dict[str, Any]]]:
    """One write of each kind that somebody is thanked for and that may be sent again; each waits for no other."""
    status, made = send(collector, "/api/v1/triggers", trigger(customer="c-1"))
    assert status == 200
    token = made["decisions"][0]["invitation"]["token"]
    answer = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}, "complete": True}
    return [
        ("/w/v1/responses", answer),
        ("/api/v1/triggers", trigger()),
        ("/api/v1/triggers", trigger(customer="c-3")),
        ("/api/v1/interactions", event()),
    ]


def at_once(collector: served.Collector, given: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    pool = ThreadPoolExecutor(len(given))
    return [pool.submit(send, collector, *each) for each in given]


@pytest.mark.parametrize("end", ["pg_cancel_backend", "pg_terminate_backend"])
def test_nobody_is_thanked_before_a_standby_has_it(end: str, tmp_path: Path) -> None:
    with alone() as node, served.serve(node.url(), tmp_path) as collector:
        given = writes(collector)
        wait_for_standbys(node, "nobody")
        first = at_once(collector, given)
        deadline = time.monotonic() + 30
        while not all(each.done() for each in first):  # as they come to wait, nobody's patience having ended
            node.ask(f"SELECT {end}(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
            assert time.monotonic() < deadline
        assert [each.result()[0] for each in first] == [503] * len(given)
        assert count(node, "response") == 1  # each is there, and on this machine alone
        assert count(node, "interaction WHERE touchpoint = 'installed'") == 1
        assert count(node, "trigger") == 3
        again = at_once(collector, given)
        assert [each.result(30)[0] for each in again] == [503] * len(given)
        wait_for_standbys(node, "")
        until(lambda: node.ask(WAITING) == 0, "those who waited")
        thanked = at_once(collector, given)
        assert [each.result(30)[0] for each in thanked] == [200] * len(given)
        assert count(node, "response") == 1
        assert count(node, "trigger") == 3
