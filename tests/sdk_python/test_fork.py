"""Forks: each process delivers its own rows, under its own file, and counts for itself."""

from __future__ import annotations

import json
import subprocess
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
