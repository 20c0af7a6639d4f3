"""The file cannot be written: memory takes over, the hook is told once, nothing raises, and it heals."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from afterword import Client, Problem


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems if problem.code.startswith("outbox")]


def test_a_folder_that_cannot_be_written_means_memory(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    problems: list[Problem] = []
    client = make_client(outbox=tmp_path / "file" / "outbox.db", on_error=problems.append)
    for number in range(5):
        client.trigger_survey("order-confirmed", transaction=f"t{number}")
    assert client.flush()
    assert len(sink.triggers) == 5
    assert codes(problems) == ["outbox_unavailable"]
    assert client.stats().delivered == 5


def test_what_waits_in_memory_goes_back_to_the_disk_when_it_can(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    sink.stop()
    folder = tmp_path / "not-yet"
    client = make_client(outbox=folder / "outbox.db")
    client.trigger_survey("order-confirmed", transaction="one")
    assert client.stats().queued_in_memory == 1
    folder.mkdir()
    assert wait_until(lambda: client.stats().queued_in_memory == 0 and client.stats().queued == 1)
    client.trigger_survey("order-confirmed", transaction="two")
    sink.start()
    assert client.flush(20)
    assert sink.transactions() == ["one", "two"]


def test_a_corrupt_file_is_set_aside(make_client: Callable[..., Client], sink: Any, tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    path.write_bytes(b"this is no database " * 500)
    problems: list[Problem] = []
    client = make_client(on_error=problems.append)
    for number in range(5):
        client.trigger_survey("order-confirmed", transaction=f"t{number}")
    assert client.flush()
    assert len(sink.triggers) == 5
    aside = list(tmp_path.glob("outbox.db.corrupt-*"))
    assert len(aside) == 1
    assert aside[0].read_bytes().startswith(b"this is no database")
    assert codes(problems) == ["outbox_unavailable"]


def test_a_file_that_rots_while_in_use_is_set_aside(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path
) -> None:
    sink.stop()
    first = make_client()
    for number in range(200):
        first.trigger_survey("order-confirmed", transaction=f"t{number}")
    first.close(0)
    path = tmp_path / "outbox.db"
    healthy = path.read_bytes()
    path.write_bytes(healthy[:4096] + b"\xff" * (len(healthy) - 4096))
    sink.start()
    second = make_client()
    second.trigger_survey("order-confirmed", transaction="new")
    assert second.flush(20)
    assert sink.transactions() == ["new"]
    assert list(tmp_path.glob("outbox.db.corrupt-*"))


def test_a_corrupt_orphan_is_set_aside_too(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    (tmp_path / "outbox.1.db").write_bytes(b"this is no database " * 500)
    (tmp_path / "outbox.1.db.lock").touch()
    client = make_client()
    client.trigger_survey("order-confirmed", transaction="one")
    assert client.flush()
    assert wait_until(lambda: list(tmp_path.glob("outbox.1.db.corrupt-*")))
    assert not (tmp_path / "outbox.1.db").exists()


def test_a_file_at_its_limit_spills_into_memory_and_loses_nothing(
    make_client: Callable[..., Client], sink: Any
) -> None:
    sink.stop()
    problems: list[Problem] = []
    client = make_client(outbox_max_bytes=1 << 20, on_error=problems.append)
    wanted = [f"t{number}" for number in range(3_000)]
    for transaction in wanted:
        client.trigger_survey("order-confirmed", transaction=transaction, attributes={"text": "x" * 150})
    stats = client.stats()
    assert stats.queued == 3_000
    assert 0 < stats.queued_in_memory < 3_000
    sink.start()
    assert client.flush(30)
    assert sorted(sink.transactions()) == sorted(wanted)
    assert codes(problems) == ["outbox_unavailable"]
    assert client.stats().delivered == 3_000


def test_a_file_that_another_program_holds_makes_nobody_wait(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path
) -> None:
    client = make_client()
    client.trigger_survey("order-confirmed", transaction="one")
    assert client.flush()
    backup = sqlite3.connect(tmp_path / "outbox.db", isolation_level=None)
    backup.execute("BEGIN IMMEDIATE")
    client.trigger_survey("order-confirmed", transaction="two")
    assert client.stats().queued_in_memory == 1
    backup.execute("ROLLBACK")
    backup.close()
    assert client.flush()
    assert sink.transactions() == ["one", "two"]


def test_a_file_found_corrupt_while_rows_are_refused_ends_nothing(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    make_client().close()
    client = make_client(linger=0.3)
    client.trigger_survey("order-confirmed", transaction="before")
    assert client.flush()
    with (tmp_path / "outbox.db").open("r+b") as file:
        file.seek(2 * 4096)  # the page of the dead letters
        file.write(b"\xff" * 4096)
    for number in range(5):
        client.trigger_survey("bad", transaction=f"bad-{number}")
    client.trigger_survey("order-confirmed", transaction="beside")
    assert client.flush(20)
    assert wait_until(lambda: list(tmp_path.glob("outbox.db.corrupt-*")))
    client.trigger_survey("order-confirmed", transaction="after")
    assert client.flush(20)
    assert sink.transactions() == ["before", "beside", "after"]
    stats = client.stats()
    assert (stats.accepted, stats.delivered, stats.dead, stats.dropped) == (8, 3, 5, {})


def test_a_deleted_file_loses_no_later_trigger(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path
) -> None:
    client = make_client()
    client.trigger_survey("order-confirmed", transaction="one")
    assert client.flush()
    for path in tmp_path.glob("outbox.db*"):
        path.unlink()
    client.trigger_survey("order-confirmed", transaction="two")
    assert client.flush(20)
    assert sink.transactions() == ["one", "two"]


def run(host: Callable[..., subprocess.Popen[str]], name: str, *arguments: object) -> str:
    out, err = host(name, *arguments).communicate(timeout=60)
    assert "Traceback" not in err, err
    return out


def test_a_full_disk_spills_into_memory(host: Callable[..., subprocess.Popen[str]], sink: Any) -> None:
    out = run(host, "full_disk.py")
    assert out.split() == ["outbox_unavailable", "delivered", "400", "dropped", "0"]
    assert len(sink.triggers) == 400


def test_exhausted_file_descriptors_lose_nothing(
    host: Callable[..., subprocess.Popen[str]], sink: Any
) -> None:
    out = run(host, "no_descriptors.py")
    assert out.split() == ["delivered", "30", "dropped", "0"]
    assert len(sink.triggers) == 30


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may become nobody")
def test_a_folder_without_permission_means_memory(
    host: Callable[..., subprocess.Popen[str]], sink: Any
) -> None:
    out = run(host, "no_permission.py")
    assert out.split() == ["outbox_unavailable", "delivered", "5"]
    assert len(sink.triggers) == 5
