"""Memory of a collector and its worker through a long time of mixed traffic (promise: flat over an hour).

    PYTHONPATH=tests/support python tests/benchmarks/memory.py [--minutes 60] [--database sqlite|postgresql] [--pause 0.5]

Each of the collector's calls in turn, eight at a time, and the dashboard's pages beside them. A line each twentieth of the
time: MB held by the processes that answer, calls made. Exits with 1 where the last quarter holds a tenth more than the second.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from statistics import mean

import collector_load
import served
from collector_requests import SCENARIOS, Maker, seed

CONNECTIONS, EACH, LINES = 8, 40, 20
ALLOWED = 1.1
READS = ("/api/v1/kpis?metric=nps", "/api/v1/verdicts", "/api/v1/journeys", "/api/v1/touchpoints")


def main() -> int:
    options = _options()
    with served.on(options.database) as (product, _):
        seed(Maker(product))
        return judged(watched(product, options.minutes * 60, options.pause))


def watched(product: served.Collector, seconds: float, pause: float) -> list[float]:
    """Traffic for so long; MB held at each line."""
    maker, port = Maker(product), int(product.url.rpartition(":")[2])
    held: list[float] = []
    calls, start = 0, time.monotonic()
    while (passed := time.monotonic() - start) < seconds:
        for scenario in SCENARIOS:
            outcome = collector_load.run(port, scenario.make(maker, EACH), CONNECTIONS)
            assert set(outcome.statuses) <= scenario.statuses | {503}, (scenario.name, outcome.statuses)
            calls += len(outcome.seconds)
        for path in READS:
            status, _ = product.get(path, "read_key")
            assert status == 200, path
            calls += 1
        if passed >= seconds * len(held) / LINES:
            held.append(memory(product.process.pid))
            print(f"{passed / 60:6.1f} min {calls:>9,} calls {held[-1]:8.1f} MB", flush=True)
        time.sleep(pause)
    return held


def memory(parent: int) -> float:
    """MB that the processes hold which a server has forked."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return sum(
        int(line.split()[1]) / 1024
        for pid in children
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )


def judged(held: list[float]) -> int:
    """1 where the last quarter holds more than it may beside the second, in which all caches are full."""
    quarter = max(1, len(held) // 4)
    before, after = mean(held[quarter : 2 * quarter]), mean(held[-quarter:])
    print(
        f"second quarter {before:.1f} MB, last {after:.1f} MB: {after / before:.3f} times (at most {ALLOWED})"
    )
    return int(after > ALLOWED * before)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two rounds")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
