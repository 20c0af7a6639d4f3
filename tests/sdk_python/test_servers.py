"""Real pre-forking servers: gunicorn with preload, Celery with its prefork pool."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HOSTS = Path(__file__).parent / "hosts"


@pytest.fixture
def environment(sink: Any, api_key: str, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "AFTERWORD_URL": sink.url,
        "AFTERWORD_API_KEY": api_key,
        "OUTBOX": str(tmp_path / "outbox.db"),
        "QUEUE": str(tmp_path / "queue"),
        "PYTHONPATH": str(HOSTS),
    }


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []

    def start(*command: str, **variables: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / "server.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env={**environment, **variables},
            cwd=tmp_path,
            stdout=log,
            stderr=log,
        )
        log.close()
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def get(port: int, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        said: dict[str, Any] = json.load(answer)
        return said


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_gunicorn_with_preload(
    start: Callable[..., subprocess.Popen[bytes]], sink: Any, wait_until: Callable[..., bool], tmp_path: Path
) -> None:
    port = free_port()
    server = start(
        "gunicorn", "--preload", "--workers", "3", "--threads", "2", "--bind", f"127.0.0.1:{port}",
        "--no-control-socket", "preloaded:application",
    )  # fmt: skip
    assert wait_until(lambda: answers(port), 30), (tmp_path / "server.log").read_text()
    for number in range(60):
        get(port, f"/{number}")
    assert wait_until(lambda: len(sink.triggers) == 61, 20)
    assert sorted(sink.transactions()) == sorted(["preload", *(f"/{number}" for number in range(60))])
    reports = {}
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and sum(report["accepted"] for report in reports.values()) < 60:
        report = get(port, "/stats")
        reports[report["pid"]] = report
    assert sum(report["accepted"] for report in reports.values()) == 60
    for report in reports.values():
        assert report["accepted"] + report["adopted"] == report["delivered"] + report["queued"]
        assert (report["dead"], report["dropped"]) == (0, {})
    server.send_signal(signal.SIGTERM)
    assert server.wait(20) == 0
    assert sink.received == 61


@pytest.mark.parametrize("outbox", ["file", "memory"])
def test_celery_prefork(
    outbox: str,
    start: Callable[..., subprocess.Popen[bytes]],
    environment: dict[str, str],
    sink: Any,
    wait_until: Callable[..., bool],
    tmp_path: Path,
) -> None:
    (tmp_path / "queue").mkdir()
    variables = {"MEMORY": "1"} if outbox == "memory" else {}
    send = "from prefork_tasks import deliver\nfor number in range(40): deliver.delay(number)\n"
    subprocess.run([sys.executable, "-c", send], env={**environment, "MEMORY": "1"}, check=True, timeout=60)
    worker = start(
        "celery", "--app", "prefork_tasks", "worker", "--pool", "prefork", "--concurrency", "2",
        "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING", **variables,
    )  # fmt: skip
    assert wait_until(lambda: len(sink.triggers) == 40, 60), (tmp_path / "server.log").read_text()
    worker.send_signal(signal.SIGTERM)
    worker.wait(30)
    assert sorted(sink.transactions()) == sorted(f"task-{number}" for number in range(40))
    assert sink.received == 40
