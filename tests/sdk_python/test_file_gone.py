"""A clean-up takes the outbox file or its lock from under a running process: noticed, written anew, told."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from afterword import Client, Problem

PARTS = {
    "file": ["", "-wal", "-shm"],
    "file alone": [""],
    "all": ["", "-wal", "-shm", ".lock"],
    "lock": [".lock"],
}


def sums_are_even(client: Client) -> bool:
    stats = client.stats()
    gone = stats.delivered + stats.dead + sum(stats.dropped.values())
    return stats.accepted + stats.adopted == gone + stats.queued


def stored(path: Path) -> list[str]:
    """What another process would find; nothing while the file is being made."""
    connection = sqlite3.connect(path)
    try:
        if not connection.execute("PRAGMA user_version").fetchone()[0]:
            return []
        return [
            row[0] for row in connection.execute("SELECT json_extract(body, '$.transaction') FROM outbox")
        ]
    finally:
        connection.close()


def trigger(client: Client, first: int, last: int) -> list[str]:
    wanted = [f"t{number}" for number in range(first, last)]
    for transaction in wanted:
        client.trigger_survey("order-confirmed", transaction=transaction)
    return wanted


def take_from_under(first: Client, make_client: Callable[..., Client], folder: Path) -> Client:
    """Delete the lock and let another client have the file before the first one notices."""
    with first._machinery.outbox.lock:
        os.unlink(folder / "outbox.db.lock")
        second = make_client()
        assert second.stats().queued == first.stats().queued
    return second


@pytest.mark.parametrize("what", PARTS)
def test_what_a_clean_up_takes_is_written_anew(
    what: str, make_client: Callable[..., Client], sink: Any, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    sink.stop()
    problems: list[Problem] = []
    client = make_client(on_error=problems.append)
    wanted = trigger(client, 0, 2_500)  # more than are known by heart
    for part in PARTS[what]:
        os.unlink(tmp_path / f"outbox.db{part}")
    wanted += trigger(client, 2_500, 2_510)
    path = tmp_path / "outbox.db"
    assert wait_until(lambda: path.exists() and (tmp_path / "outbox.db.lock").exists(), 15)
    assert wait_until(lambda: stored(path) == wanted)
    assert (client.stats().queued, sums_are_even(client)) == (2_510, True)
    expected = [] if what == "lock" else ["outbox_replaced"]
    assert wait_until(lambda: [one.code for one in problems if one.code.startswith("outbox")] == expected)
    other = make_client()
    assert other.stats().queued == 0  # the file has an owner
    sink.start()
    assert client.flush(20)
    assert sink.transactions() == wanted
    assert sums_are_even(client)


def test_a_folder_that_comes_back_gets_the_rows(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    sink.stop()
    problems: list[Problem] = []
    folder = tmp_path / "var"
    folder.mkdir()
    client = make_client(outbox=folder / "outbox.db", on_error=problems.append)
    wanted = trigger(client, 0, 5)
    shutil.rmtree(folder)
    assert wait_until(lambda: "outbox_unavailable" in client.stats().states, 15)
    folder.mkdir()
    assert wait_until(lambda: (folder / "outbox.db").exists(), 15)
    assert wait_until(lambda: stored(folder / "outbox.db") == wanted)
    assert client.stats().states in ((), ("not_delivered",))
    sink.start()
    assert client.flush(20)
    assert sink.transactions() == wanted
    assert sums_are_even(client)


def test_of_two_owners_the_one_without_the_lock_leaves(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    sink.stop()
    first = make_client()
    wanted = trigger(first, 0, 5)
    second = take_from_under(first, make_client, tmp_path)
    wanted += trigger(second, 5, 6)
    assert second.stats().queued == 6
    wanted += trigger(first, 6, 7) if wait_until(lambda: first.stats().queued == 0, 15) else []
    assert first.stats().queued == 1
    assert (tmp_path / "outbox.1.db").exists()
    sink.start()
    assert first.flush(20)
    assert second.flush(20)
    assert sorted(sink.transactions()) == sorted(wanted)
    assert sums_are_even(first)
    assert sums_are_even(second)


@pytest.mark.parametrize("verdict", ["delivered", "dead"])
def test_what_was_under_way_when_the_lock_went_is_counted_by_its_new_owner(
    verdict: str, make_client: Callable[..., Client], sink: Any, tmp_path: Path
) -> None:
    sink.stop()
    first = make_client()
    trigger(first, 0, 3)
    outbox = first._machinery.outbox
    under_way = outbox.take(500)
    second = take_from_under(first, make_client, tmp_path)
    outbox.tend(idle=True)
    trigger(first, 3, 4)
    if verdict == "delivered":
        outbox.delivered(under_way)
    else:
        outbox.dead(dict.fromkeys(under_way, "refused"), 422)
    stats = first.stats()
    assert (stats.delivered, stats.dead, stats.queued, stats.adopted) == (0, 0, 1, -3)
    assert first.dead_letters() == []
    assert second.stats().queued == 3
    assert sums_are_even(first)


def test_rows_in_memory_reach_the_disk_while_the_collector_is_away(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    sink.stop()
    folder = tmp_path / "not-yet"
    client = make_client(outbox=folder / "outbox.db")
    trigger(client, 0, 3)
    client._machinery.delivery._thread._poll = 1.0
    folder.mkdir()
    assert wait_until(lambda: client.stats().queued_in_memory == 0, 10)
