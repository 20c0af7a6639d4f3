"""SIGKILL at random moments, the collector down in between: what `trigger_survey` returned, arrives exactly once."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from afterword import Client

Start = Callable[..., "subprocess.Popen[str]"]


def kill_again_and_again(host: Start, sink: Any, kills: int, outage: float) -> list[str]:
    """Kill one of two running hosts again and again; return the orders they had seen through."""
    chance = random.Random(kills)
    down = threading.Thread(target=_outage, args=(sink, outage))
    orders: list[str] = []
    running = [host("order_flow.py", "host0"), host("order_flow.py", "host1")]
    for number in range(kills):
        if number == kills // 4:
            down.start()
        victim = running.pop(0)
        assert victim.stdout is not None
        orders.append(victim.stdout.readline().strip())  # it has begun to work
        time.sleep(chance.uniform(0, 0.2))
        victim.kill()
        orders += victim.communicate()[0].split("\n")[:-1]
        running.append(host("order_flow.py", f"host{number + 2}"))
    for last in running:
        last.kill()
        orders += last.communicate()[0].split("\n")[:-1]
    down.join()
    return orders


def _outage(sink: Any, seconds: float) -> None:
    sink.stop()
    time.sleep(seconds)
    sink.start()


@pytest.mark.parametrize(
    ("kills", "outage"), [(6, 1.0), pytest.param(50, 30.0, marks=pytest.mark.slow)], ids=["brief", "whole"]
)
def test_what_was_returned_arrives_exactly_once(
    kills: int, outage: float, host: Start, sink: Any, make_client: Callable[..., Client]
) -> None:
    orders = kill_again_and_again(host, sink, kills, outage)
    survivor = make_client()
    assert survivor.flush(60)
    deadline = time.monotonic() + 60
    while not set(orders) <= set(sink.transactions()) and time.monotonic() < deadline:
        time.sleep(0.1)
    arrived = Counter(sink.transactions())
    assert len(orders) > kills
    assert [order for order in orders if arrived[order] != 1] == []
    assert max(arrived.values()) == 1
