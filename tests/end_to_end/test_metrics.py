"""Several processes of one server count as one: whoever is asked tells the sum, and a dead one's counts stay."""

from __future__ import annotations

import os
import re
import signal
import urllib.request
from pathlib import Path

import own_postgresql
from postgresql_nodes import until
from served import Collector, serve

SENT = 60
COUNTED = re.compile(r'^afterword_requests_total\{route="/livez",status="200"\} (\S+)$', re.M)
TIMED = re.compile(r'^afterword_request_seconds_count\{route="/livez"\} (\S+)$', re.M)


def test_each_scrape_tells_the_sum_and_no_count_goes_back(postgresql_server: str, tmp_path: Path) -> None:
    with (
        own_postgresql.beside(postgresql_server, "metrics") as url,
        serve(url, tmp_path, AFTERWORD_PROCESSES="3") as collector,
    ):
        for _ in range(SENT):
            assert collector.get("/livez")[0] == 200
        assert [counted(collector) for _ in range(10)] == [(SENT, SENT)] * 10
        killed = processes(collector)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(set(processes(collector)) - set(killed)) == 3, "three others")
        assert collector.get("/livez")[0] == 200
        assert [counted(collector) for _ in range(10)] == [(SENT + 1, SENT + 1)] * 10


def processes(collector: Collector) -> list[int]:
    parent = collector.process.pid
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def counted(collector: Collector) -> tuple[float, float]:
    """How often ``/livez`` was answered, by the counter and by the histogram."""
    with urllib.request.urlopen(f"{collector.url}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    kinds = re.findall(r"^# TYPE (\S+)", text, re.M)
    assert sorted(kinds) == sorted(set(kinds))
    assert "pid=" not in text, "a queue's state as one process saw it once would hide how it stands"
    (count,), (timed,) = COUNTED.findall(text), TIMED.findall(text)
    return float(count), float(timed)
