"""The server as it is stopped and killed: nobody's request is cut off, and what dies is replaced."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from pathlib import Path

from served import Collector, serve, wait_until_ready


def test_a_stop_resets_no_client_that_keeps_its_connection(tmp_path: Path) -> None:
    with serve(f"sqlite:///{tmp_path}/a.db", tmp_path) as collector:
        stopped, said = threading.Event(), []
        clients = [threading.Thread(target=_ask, args=(collector, stopped, said)) for _ in range(10)]
        for client in clients:
            client.start()
        time.sleep(0.5)
        collector.process.terminate()
        assert collector.process.wait(60) == 0
        stopped.set()
        for client in clients:
            client.join()
    assert said == ["close"] * 10


def test_a_stop_resets_nobody_who_comes_anew_for_each_request(tmp_path: Path) -> None:
    """Whoever was let in is answered, and whoever comes after that is refused at once."""
    with serve(f"sqlite:///{tmp_path}/a.db", tmp_path) as collector:
        ends: list[str] = []
        clients = [threading.Thread(target=_come, args=(collector, ends)) for _ in range(10)]
        for client in clients:
            client.start()
        time.sleep(0.5)
        collector.process.terminate()
        assert collector.process.wait(60) == 0
        for client in clients:
            client.join()
    # between the last look at the door and its end there is a moment in which the system lets somebody in
    assert sum(end != "ConnectionRefusedError" for end in ends) <= 1, ends


def _come(collector: Collector, ends: list[str]) -> None:
    while True:
        connection = http.client.HTTPConnection(collector.url.removeprefix("http://"), timeout=60)
        try:
            connection.request("GET", "/livez")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            ends.append(type(error).__name__)
            return
        finally:
            connection.close()
        time.sleep(0.02)


def _ask(collector: Collector, stopped: threading.Event, said: list[str]) -> None:
    """Ask over one connection until the server says that it was the last answer."""
    connection = http.client.HTTPConnection(collector.url.removeprefix("http://"), timeout=60)
    while not stopped.is_set():
        try:
            connection.request("GET", "/livez")
            answer = connection.getresponse()
        except OSError as error:
            said.append(repr(error))
            break
        answer.read()
        if answer.getheader("Connection") == "close":
            said.append("close")
            break
    connection.close()


def test_a_killed_worker_is_replaced(tmp_path: Path) -> None:
    with serve(f"sqlite:///{tmp_path}/a.db", tmp_path) as collector:
        parent = collector.process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children")
        killed = children.read_text().split()
        os.kill(int(killed[0]), signal.SIGKILL)
        deadline = time.monotonic() + 60
        while children.read_text().split() in ([], killed) and time.monotonic() < deadline:
            time.sleep(0.1)
        wait_until_ready(collector.url)
