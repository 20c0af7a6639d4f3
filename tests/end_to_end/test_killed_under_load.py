"""A collector that is killed again and again while customers answer: what it thanked for is there once, and counted once.

Five times in each run; ``make soak`` does it a hundred times.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
import served
from ledger import Ledger

KILLS = int(os.environ.get("SOAK_KILLS", "5"))
BETWEEN = 8
"""Answers that are thanked for between two kills, so that each falls into traffic."""


@pytest.mark.timeout(60 + 30 * KILLS)
def test_what_was_thanked_for_outlives_every_kill(database_url: str, tmp_path: Path) -> None:
    environment, keys = served.prepare(database_url, tmp_path)
    port = served.free_port()
    collector = served.start(environment, keys, port)
    ledger = Ledger(port, keys["server_key"])
    try:
        for number in range(KILLS):
            ledger.more(BETWEEN)
            if number % 2:  # the one that answers; its parent replaces it
                parent = collector.process.pid
                children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
                os.kill(int(children[0]), signal.SIGKILL)
                continue
            children = Path(
                f"/proc/{collector.process.pid}/task/{collector.process.pid}/children"
            ).read_text()
            collector.process.kill()
            for child in children.split():
                with suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGKILL)
            collector.process.wait(60)
            collector = served.start(environment, keys, port)
        ledger.more(BETWEEN)
        ledger.stop()
        assert set(ledger.statuses) & {500} == set()
        ledger.check(database_url)
    finally:
        served.stop(collector)
