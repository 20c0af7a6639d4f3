"""Forks: each process delivers its own rows, under its own file, and counts for itself."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.mark.parametrize("outbox", ["file", "memory"])
@pytest.mark.parametrize("when", ["before", "after", "thread"])
def test_parent_and_children_deliver_what_is_theirs(
    when: str, outbox: str, host: Start, sink: Any, tmp_path: Path
) -> None:
    path = str(tmp_path / "outbox.db") if outbox == "file" else "memory"
    process = host("fork.py", when, OUTBOX=path)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    reports = {report["name"]: report for report in map(json.loads, out.splitlines())}
    parents = 100 + (50 if when != "before" else 0) + (200 if when == "thread" else 0)
    assert len(sink.triggers) == sink.received == 300 + parents
    assert len(set(sink.transactions())) == 300 + parents
    for name, report in reports.items():
        assert report["flushed"]
        assert report["accepted"] == (parents if name == "parent" else 100)
        assert report["accepted"] + report["adopted"] == report["delivered"]
        assert (report["queued"], report["dead"], report["dropped"]) == (0, 0, {})


def test_files_of_children_are_adopted_when_they_are_gone(host: Start, sink: Any, tmp_path: Path) -> None:
    host("fork.py", "after").communicate(timeout=60)
    assert len(list(tmp_path.glob("outbox*.db"))) <= 4
    sink.triggers.clear()
    host("leave.py", "normal", 1).communicate(timeout=60)
    assert {path.name for path in tmp_path.glob("outbox*.db")} == {"outbox.db"}
    assert len(sink.triggers) == 1


def test_a_child_that_leaves_takes_nothing_of_the_parents_along(
    host: Start, sink: Any, wait_until: Callable[..., bool]
) -> None:
    asked = threading.Event()

    def say_nothing(handler: Any, sink: Any, what: str, body: Any) -> bool:
        """Let the parent's thread wait for an answer, its reader locked, while the process is copied."""
        asked.set()
        time.sleep(3)
        handler.close_connection = True
        return True

    sink.faults.append(say_nothing)
    process = host("fork_and_die.py")
    assert asked.wait(20)
    out, _ = process.communicate("now\n", timeout=60)
    assert process.returncode == -9
    wanted = out.split()
    assert len(set(wanted)) >= 115
    host("leave.py", "normal", 1).communicate(timeout=60)
    assert wait_until(lambda: set(wanted) <= set(sink.transactions()), 30)


def test_a_signal_handler_may_call_in_the_middle_of_a_call(host: Start, sink: Any) -> None:
    out, errors = host("alarmed.py").communicate(timeout=90)
    report = json.loads(out)
    assert report["flushed"], errors
    calls = report["main"] + report["alarm"]
    assert report["alarm"] > 100
    assert (report["accepted"], report["delivered"], report["queued"]) == (calls, calls, 0)
    assert len(sink.triggers) == sink.received == calls
