"""Forks, threads and signals all at once: nobody gets stuck, nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., "subprocess.Popen[str]"]
SECONDS = float(os.environ.get("STRESS_SECONDS", "8"))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("outbox", ["file", "memory"])
def test_forks_threads_and_signals_at_once_freeze_and_lose_nothing(
    outbox: str, host: Start, sink: Any, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    process = host("stress.py", SECONDS, OUTBOX=str(tmp_path / "outbox.db") if outbox == "file" else "memory")
    out, errors = process.communicate(timeout=SECONDS + 60)
    assert process.returncode == 0, errors[-3000:]
    report = json.loads(out)
    assert report["stuck"] == []
    assert report["flushed"], report
    assert (report["queued"], report["dead"], report["dropped"]) == (0, 0, {})
    handed_over = {
        name if name.startswith("fork") else f"{name}-{number}"
        for name, count in report["done"].items()
        for number in range(count)
    }
    assert len(handed_over) > 100 * SECONDS
    if outbox == "file":  # the children's files wait for the next process
        host("leave.py", "normal", 1).communicate(timeout=60)
    assert wait_until(lambda: handed_over <= set(sink.transactions()), 20)
    assert report["longest"] < 30  # a fifth of a second for the lock; the rest is for a busy machine
