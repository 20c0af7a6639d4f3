"""From an accepted answer to its figure: 100 answers a second, open loop, against a served collector.

Prints the time from the 201 to the figure that holds the answer (promise: p95 under 5 s), and the time to accept.
Run: PYTHONPATH=tests/support python tests/benchmarks/live_dashboard.py [seconds] [sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from served import Collector, serve

RATE = 100


def main(seconds: int, database: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if database == "postgresql":
            from own_postgresql import running

            with running() as url, serve(url, Path(folder)) as collector:
                measure(collector, seconds, database)
        else:
            with serve(f"sqlite:///{folder}/live.db", Path(folder)) as collector:
                measure(collector, seconds, database)


def measure(collector: Collector, seconds: int, database: str) -> None:
    tokens = invite(collector, RATE * seconds)
    accepted: list[float] = []
    took: list[float] = []
    lock = threading.Lock()
    seen: list[tuple[float, int]] = []
    stop = threading.Event()
    watcher = threading.Thread(target=watch, args=(collector, seen, stop))
    watcher.start()

    def answer(token: str) -> None:
        body = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}}
        began = time.monotonic()
        status, _ = collector.post("/w/v1/responses", body)
        assert status == 201, status
        with lock:
            accepted.append(time.monotonic())
            took.append(accepted[-1] - began)

    start = time.monotonic()
    with ThreadPoolExecutor(64) as pool:
        for index, token in enumerate(tokens):
            time.sleep(max(0.0, start + index / RATE - time.monotonic()))
            pool.submit(answer, token)
    time.sleep(3)
    stop.set()
    watcher.join()
    report(sorted(accepted), took, seen, database)


def invite(collector: Collector, count: int) -> list[str]:
    import json
    import urllib.request

    tokens: list[str] = []
    for first in range(0, count, 500):
        items = [
            {"touchpoint": "order-confirmed", "transaction": f"t{i}"}
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


def report(accepted: list[float], took: list[float], seen: list[tuple[float, int]], database: str) -> None:
    delays = []
    for index, at in enumerate(accepted):
        shown = next((moment for moment, n in seen if n > index and moment >= at), None)
        assert shown is not None, "an accepted answer never showed"
        delays.append(shown - at)
    print(f"{database}: {len(accepted)} answers at {RATE}/s; all in the figure")
    for name, values in (("accept", took), ("accept to figure", delays)):
        p50, p95 = statistics.median(values), quantile(values, 0.95)
        print(f"  {name:<17} median {p50 * 1000:7.0f} ms   p95 {p95 * 1000:7.0f} ms")
    print(f"  p95 under 5 s: {'yes' if quantile(delays, 0.95) < 5 else 'NO'}")


def quantile(values: list[float], share: float) -> float:
    ordered: list[Any] = sorted(values)
    return float(ordered[min(len(ordered) - 1, int(share * len(ordered)))])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seconds", nargs="?", type=int, default=20)
    parser.add_argument("database", nargs="?", choices=("sqlite", "postgresql"), default="sqlite")
    options = parser.parse_args()
    main(options.seconds, options.database)
