"""From an accepted answer to its figure: 100 answers a second, or as many as the collector takes from sixteen connections.

    PYTHONPATH=tests/support python tests/benchmarks/live_dashboard.py [--seconds 30] [--database sqlite|postgresql] [--most]

Prints the time from the 201 to the figure that holds the answer (promise: p95 under 2 s), and the time to accept.
"""

from __future__ import annotations

import argparse
import json
import statistics
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import collector_load
import served
from served import Collector

RATE, MOST, SLICE, CONNECTIONS = 100, 500, 64, 16
PROMISE = 2.0
ANSWERS = "/w/v1/responses"


def main(seconds: int, database: str, most: bool) -> None:
    measure = crowd if most else steadily
    with served.on(database) as (collector, _):
        measure(collector, seconds, database)


def steadily(collector: Collector, seconds: int, database: str) -> None:
    """So many a second, whether the last was taken or not."""
    tokens = invite(collector, RATE * seconds)
    accepted: list[float] = []
    took: list[float] = []
    lock = threading.Lock()

    def answer(token: str) -> None:
        began = time.monotonic()
        status, _ = collector.post(ANSWERS, said(token))
        assert status == 201, status
        with lock:
            accepted.append(time.monotonic())
            took.append(accepted[-1] - began)

    with watched(collector) as seen:
        start = time.monotonic()
        with ThreadPoolExecutor(64) as pool:
            for index, token in enumerate(tokens):
                time.sleep(max(0.0, start + index / RATE - time.monotonic()))
                pool.submit(answer, token)
    report(f"{database}: {len(accepted)} answers at {RATE}/s", sorted(accepted), took, seen)


def crowd(collector: Collector, seconds: int, database: str) -> None:
    """The next as soon as the last was taken, on each of sixteen connections; when one was taken is known to the slice."""
    port = int(collector.url.rpartition(":")[2])
    accepted: list[float] = []
    took: list[float] = []
    spent = 0.0
    tokens = invite(collector, MOST * seconds)
    with watched(collector) as seen:
        while tokens:
            some, tokens = tokens[:SLICE], tokens[SLICE:]
            units = [
                [collector_load.request("POST", ANSWERS, json.dumps(said(each)).encode())] for each in some
            ]
            outcome = collector_load.run(port, units, CONNECTIONS)
            assert set(outcome.statuses) == {201}, outcome.statuses
            accepted += [time.monotonic()] * len(some)
            took += outcome.seconds
            spent += outcome.took
    report(f"{database}: {len(accepted)} answers at {len(accepted) / spent:.0f}/s", accepted, took, seen)


def said(token: str) -> dict[str, Any]:
    return {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}}


@contextmanager
def watched(collector: Collector) -> Iterator[list[tuple[float, int]]]:
    """What the figure said, and when, from before the first answer until the last has surely been counted."""
    seen: list[tuple[float, int]] = []
    stop = threading.Event()
    watcher = threading.Thread(target=watch, args=(collector, seen, stop))
    watcher.start()
    yield seen
    time.sleep(3)
    stop.set()
    watcher.join()


def invite(collector: Collector, count: int) -> list[str]:
    tokens: list[str] = []
    for first in range(0, count, 500):
        items = [
            {"touchpoint": "order-confirmed", "transaction": f"t{uuid.uuid4()}"}
            for i in range(first, min(first + 500, count))
        ]
        headers = {
            "Authorization": f"Bearer {collector.keys['server_key']}",
            "Content-Type": "application/json",
        }
        data = json.dumps({"triggers": items}).encode()
        request = urllib.request.Request(collector.url + "/api/v1/triggers", data, headers)
        with urllib.request.urlopen(request, timeout=60) as answered:
            tokens += [row["invitation"]["token"] for row in json.load(answered)["decisions"]]
    return tokens


def watch(collector: Collector, seen: list[tuple[float, int]], stop: threading.Event) -> None:
    while not stop.is_set():
        _, figures = collector.get("/api/v1/kpis?metric=nps&touchpoint=order-confirmed", "read_key")
        seen.append((time.monotonic(), figures["series"][0]["points"][0]["n"]))
        stop.wait(0.2)


def report(what: str, accepted: list[float], took: list[float], seen: list[tuple[float, int]]) -> None:
    delays = []
    for index, at in enumerate(accepted):
        shown = next((moment for moment, n in seen if n > index and moment >= at), None)
        assert shown is not None, "an accepted answer never showed"
        delays.append(shown - at)
    print(f"{what}; all in the figure")
    for name, values in (("accept", took), ("accept to figure", delays)):
        p50, p95 = statistics.median(values), quantile(values, 0.95)
        print(f"  {name:<17} median {p50 * 1000:7.0f} ms   p95 {p95 * 1000:7.0f} ms")
    print(f"  p95 under {PROMISE:.0f} s: {'yes' if quantile(delays, 0.95) < PROMISE else 'NO'}")


def quantile(values: list[float], share: float) -> float:
    ordered: list[Any] = sorted(values)
    return float(ordered[min(len(ordered) - 1, int(share * len(ordered)))])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--most", action="store_true", help="as many as the collector takes, not 100 a second"
    )
    options = parser.parse_args()
    main(options.seconds, options.database, options.most)
