"""The end of a process: a flush that is bounded, and nothing lost with a durable outbox."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from afterword import Client

Start = Callable[..., "subprocess.Popen[str]"]
MANY = [f"t{number}" for number in range(300)]


@pytest.mark.parametrize("how", ["normal", "raise"])
@pytest.mark.parametrize("outbox", ["file", "memory"])
def test_a_regular_exit_delivers_first(how: str, outbox: str, host: Start, sink: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "outbox.db") if outbox == "file" else "memory"
    process = host("leave.py", how, 300, OUTBOX=path)
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert sink.transactions() == MANY


@pytest.mark.parametrize("how", ["_exit", "SIGTERM", "SIGKILL"])
def test_a_sudden_end_loses_nothing(
    how: str, host: Start, sink: Any, make_client: Callable[..., Client], wait_until: Callable[..., bool]
) -> None:
    host("leave.py", how, 300).communicate(timeout=60)
    make_client()
    assert wait_until(lambda: len(sink.triggers) == 300)
    assert sink.transactions() == MANY


def hang(handler: Any, sink: Any, what: str, body: Any) -> bool:
    time.sleep(8)
    handler.close_connection = True
    return True


@pytest.mark.parametrize("outbox", ["file", "memory"])
def test_the_exit_is_bounded_while_the_collector_hangs(
    outbox: str, host: Start, sink: Any, tmp_path: Path
) -> None:
    sink.fault = hang
    path = str(tmp_path / "outbox.db") if outbox == "file" else "memory"
    process = host("leave.py", "normal", 10, OUTBOX=path, LINGER="0.01", PAUSE="0.3")
    out, errors = process.communicate(timeout=60)
    assert time.time() - float(out) < 6  # the bound is 2 s; the rest is for a busy machine
    assert "Traceback" not in errors
    assert process.returncode == 0


def test_the_exit_is_quick_while_the_collector_is_down(host: Start, sink: Any) -> None:
    sink.stop()
    process = host("leave.py", "normal", 10, LINGER="0.01")
    out, errors = process.communicate(timeout=60)
    assert time.time() - float(out) < 6
    assert "Traceback" not in errors
