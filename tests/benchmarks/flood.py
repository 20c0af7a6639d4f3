"""One workspace's flood beside another's answers, on one collector (promise: their p95 at most doubles).

    PYTHONPATH=tests/support python tests/benchmarks/flood.py [--database sqlite|postgresql] [--seconds 8]

The other's customers answer one after the other, twenty a second. First beside a crowd of their own kind (so many that the
collector has always something to do), then beside a flood of one workspace's triggers, a hundred in each call: from one
key, on four connections and on thirty-two.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import collector_load
import served
from collector_requests import Maker, answers, seed, trigger_batches

EACH, ALLOWED = 0.05, 2.0
FOUR, MANY = 4, 32


def main() -> int:
    options = _options()
    with served.on(options.database) as (first, folder):
        other = replace(first, keys=another(first, folder))
        for one in (first, other):
            seed(Maker(one))
        quiet = p95(other, options.seconds, nullcontext())
        crowd = p95(other, options.seconds, flooded(first, answers, MANY, options.seconds))
        floods = {
            n: p95(other, options.seconds, flooded(first, trigger_batches, n, options.seconds))
            for n in (FOUR, MANY)
        }
    print(
        f"{options.database}, p95 of another's answers: alone {quiet:.0f} ms, beside {MANY} connections of answers {crowd:.0f} ms"
    )
    for count, seconds in floods.items():
        print(
            f"  beside {count} connections of a hundred triggers a call {seconds:.0f} ms: {seconds / crowd:.1f} times"
        )
    return int(max(floods.values()) > ALLOWED * crowd)


def another(collector: served.Collector, folder: Path) -> dict[str, Any]:
    """The keys of one more workspace with the same company in it."""
    named = ("--name", "Other", "--email", "other@example.com", "--another", "--json")
    keys: dict[str, Any] = json.loads(served.run(collector.environment, "init", *named))
    for family in ("journeys", "surveys"):
        served.run(
            collector.environment, family, "apply", str(folder / "company.yaml"), "--workspace", "Other"
        )
    return keys


@contextmanager
def flooded(collector: served.Collector, make: Callable[..., Any], connections: int, seconds: float) -> Any:
    """Somebody else's requests on so many connections, from a process of its own, as long as this lasts."""
    units = make(Maker(collector), 1500 if make is answers else 50 * 200)
    port = int(collector.url.rpartition(":")[2])
    process = multiprocessing.get_context("fork").Process(
        target=collector_load.run, args=(port, units, connections)
    )
    process.start()
    time.sleep(0.5)
    yield
    process.kill()
    process.join()


def p95(collector: served.Collector, seconds: float, beside: Any) -> float:
    """Milliseconds within which 95 of 100 answers were taken."""
    units, port = answers(Maker(collector), int(seconds / EACH)), int(collector.url.rpartition(":")[2])
    took: list[float] = []
    with beside:
        for unit in units:
            outcome = collector_load.run(port, [unit], 1)
            assert set(outcome.statuses) == {201}, outcome.statuses
            took += outcome.seconds
            time.sleep(EACH / 2)
    return sorted(took)[int(len(took) * 0.95)] * 1000


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seconds", type=float, default=5.0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
