"""The outbox file: it survives its process, and another takes it over."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from afterword import Client


def waiting(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM outbox").fetchone()[0])
    finally:
        connection.close()


def leave_behind(make_client: Callable[..., Client], sink: Any, *transactions: str, **options: Any) -> None:
    """Trigger while the collector is down, and go."""
    sink.stop()
    client = make_client(**options)
    for transaction in transactions:
        client.trigger_survey("order-confirmed", transaction=transaction)
    client.close(0)


def test_the_next_process_delivers_what_the_last_one_left(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path
) -> None:
    leave_behind(make_client, sink, "one", "two")
    assert waiting(tmp_path / "outbox.db") == 2
    sink.start()
    client = make_client()
    client.trigger_survey("order-confirmed", transaction="three")
    assert client.flush()
    assert sink.transactions() == ["one", "two", "three"]
    stats = client.stats()
    assert (stats.accepted, stats.adopted, stats.delivered) == (1, 2, 3)
    client.close()
    assert waiting(tmp_path / "outbox.db") == 0


def test_it_needs_no_call_to_begin(
    make_client: Callable[..., Client], sink: Any, wait_until: Callable[..., bool]
) -> None:
    leave_behind(make_client, sink, "one")
    sink.start()
    make_client()
    assert wait_until(lambda: sink.transactions() == ["one"])


def test_nobody_else_on_the_machine_reads_what_waits(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path
) -> None:
    before = os.umask(0o022)
    try:
        sink.stop()
        client = make_client()
        client.trigger_survey("order-confirmed", transaction="one")
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("outbox.db*")}
        client.close(0)
    finally:
        os.umask(before)
    assert {"outbox.db", "outbox.db-wal"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_each_client_has_a_file_of_its_own(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path
) -> None:
    first, second = make_client(), make_client()
    first.trigger_survey("order-confirmed", transaction="one")
    second.trigger_survey("order-confirmed", transaction="two")
    assert first.flush()
    assert second.flush()
    assert sorted(sink.transactions()) == ["one", "two"]
    assert {path.name for path in tmp_path.glob("*.db")} == {"outbox.db", "outbox.1.db"}


def test_a_living_client_adopts_the_files_of_the_dead_before_its_own_rows(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path
) -> None:
    first, second = make_client(), make_client()
    for client in (first, second):
        client.record_interaction("order-confirmed")
        assert client.flush()
    sink.stop()
    for number in range(1_200):
        second.trigger_survey("order-confirmed", transaction=f"t{number}")
    second.close(0)
    first.close(0)
    sink.start()
    survivor = make_client()
    survivor.trigger_survey("order-confirmed", transaction="last")
    assert survivor.flush(20)
    assert sorted(sink.transactions()) == sorted([f"t{number}" for number in range(1_200)] + ["last"])
    assert [one for one in sink.order if one != "last"] == [f"t{number}" for number in range(1_200)]
    assert {path.name for path in tmp_path.glob("*.db*")} <= {
        "outbox.db", "outbox.db.lock", "outbox.db-wal", "outbox.db-shm",
    }  # fmt: skip
    assert survivor.stats().adopted == 1_200


def test_files_of_other_outboxes_are_left_alone(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path
) -> None:
    for name in ("outbox-of-another.db", "outbox.backup.db", "outbox.1.db.old", "outbo.db"):
        (tmp_path / name).write_text("not ours")
        (tmp_path / f"{name}.lock").touch()
    client = make_client()
    client.trigger_survey("order-confirmed")
    assert client.flush()
    assert (tmp_path / "outbox.backup.db").read_text() == "not ours"
    assert (tmp_path / "outbox-of-another.db").read_text() == "not ours"


def test_dead_letters_stay_for_the_operator(make_client: Callable[..., Client], sink: Any) -> None:
    first = make_client()
    first.trigger_survey("bad", transaction="one")
    assert first.flush()
    first.close()
    second = make_client()
    assert [letter.status for letter in second.dead_letters()] == [422]


def test_dead_letters_of_dead_processes_are_found_behind_any_one(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    clients = [make_client() for _ in range(5)]
    for number, client in enumerate(clients):
        client.trigger_survey("bad", transaction=f"t{number}")
        assert client.flush()
    for client in clients:
        client.close()
    survivor = make_client()
    assert wait_until(lambda: {path.name for path in tmp_path.glob("*.db")} == {"outbox.db"}, 15)
    assert len(survivor.dead_letters()) == 5
    assert survivor.stats().dead == 0
    assert survivor.retry_dead_letters() == 5
    assert survivor.stats().adopted == 5
    assert survivor.flush()
    assert survivor.stats().dead == 5


def test_dead_letters_that_make_room_are_counted(
    make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afterword.outbox.file._DEAD_KEPT", 3)
    client = make_client()
    for number in range(5):
        client.trigger_survey("bad", transaction=f"t{number}")
    assert client.flush()
    assert (client.stats().dead, client.stats().dead_cut, len(client.dead_letters())) == (5, 2, 3)


def test_dead_letters_in_memory_that_make_room_are_counted(make_client: Callable[..., Client]) -> None:
    client = make_client(outbox=None)
    for number in range(130):
        client.trigger_survey("bad", transaction=f"t{number}")
    assert client.flush()
    assert (client.stats().dead, client.stats().dead_cut, len(client.dead_letters())) == (130, 30, 100)


def test_a_file_of_a_later_version_is_stepped_over(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path
) -> None:
    later = sqlite3.connect(tmp_path / "outbox.db")
    later.executescript("CREATE TABLE future (x); PRAGMA user_version = 99;")
    later.close()
    client = make_client()
    client.trigger_survey("order-confirmed", transaction="one")
    assert client.flush()
    assert sink.transactions() == ["one"]
    assert (tmp_path / "outbox.1.db").exists()
    client.close()
    later = sqlite3.connect(tmp_path / "outbox.db")
    assert later.execute("PRAGMA user_version").fetchone() == (99,)
    later.close()


@pytest.mark.parametrize("synchronous", ["NORMAL", "FULL"])
def test_it_writes_ahead_and_never_checkpoints_in_the_callers_thread(
    make_client: Callable[..., Client], synchronous: str
) -> None:
    client = make_client(synchronous=synchronous)
    client.record_interaction("order-confirmed")
    connection = client._machinery.outbox._disk._file._connection  # type: ignore[union-attr]
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
    assert connection.execute("PRAGMA synchronous").fetchone() == ({"NORMAL": 1, "FULL": 2}[synchronous],)


def test_the_log_is_folded_in_when_it_has_grown(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    client = make_client()
    for number in range(2_000):
        client.trigger_survey("order-confirmed", transaction=f"t{number}", attributes={"text": "x" * 200})
    assert client.flush(20)
    log = tmp_path / "outbox.db-wal"
    assert wait_until(lambda: log.stat().st_size < 4 << 20)


def test_a_relative_path_stays_where_it_was_meant(
    make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    client = make_client(outbox="here.db")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    client.trigger_survey("order-confirmed")
    assert client.flush()
    assert (tmp_path / "here.db").exists()


def test_more_than_is_known_by_heart_comes_from_the_file_each_once(
    make_client: Callable[..., Client], sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afterword.outbox.holder._COPIES", 10)
    client = make_client()
    sink.stop()
    wanted = [f"order-{number}" for number in range(40)]
    for transaction in wanted[:30]:
        client.trigger_survey("order-confirmed", transaction=transaction)
    sink.start()
    assert client.flush(20)
    for transaction in wanted[30:]:
        client.trigger_survey("order-confirmed", transaction=transaction)
    assert client.flush(20)
    assert sink.transactions() == wanted
    assert sink.received == len(wanted)
    assert (client.stats().delivered, client.stats().queued) == (40, 0)


def test_a_clock_set_back_lets_no_cancellation_overtake(
    make_client: Callable[..., Client], sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time_ns
    with monkeypatch.context() as ahead:
        ahead.setattr("afterword.outbox.outbox.time.time_ns", lambda: real() + 3_600 * 10**9)
        leave_behind(make_client, sink, "order-1")
    client = make_client()
    client.cancel_survey(transaction="order-1")
    sink.start()
    assert client.flush(20)
    assert (sink.transactions(), sink.cancelled) == (["order-1"], ["order-1"])
    assert client.stats().queued == 0


def test_an_answer_that_comes_after_the_close_is_not_counted_twice(
    make_client: Callable[..., Client], sink: Any
) -> None:
    def dawdle(handler: Any, sink: Any, what: str, body: Any) -> bool:
        time.sleep(1.5)
        return False

    sink.faults.append(dawdle)
    client = make_client()
    client.trigger_survey("order-confirmed", transaction="one")
    time.sleep(0.3)
    client.close(0.3)
    client.trigger_survey("order-confirmed", transaction="two")
    assert client.flush(20)
    time.sleep(1.5)
    stats = client.stats()
    assert (stats.accepted, stats.delivered, stats.queued) == (2, 2, 0)
    assert sorted(set(sink.transactions())) == ["one", "two"]
