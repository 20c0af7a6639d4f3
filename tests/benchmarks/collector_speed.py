"""What the collector costs beside an endpoint that does nothing and a naive one, interleaved in one run on one server.

    PYTHONPATH=tests/support python tests/benchmarks/collector_speed.py [--database sqlite|postgresql|both]
        [--connections 16,64] [--rounds 3] [--requests 1000] [--sizes 10000,1000000] [--json FILE] [--check]

The empty endpoint is answered by a thread, as any is; where it is marked as a short call, as the product's are, it stands in the
lines "call". Per scenario: requests a second, p50, p99, and server CPU per request, each as a ratio to the empty endpoint, and the
statements of one request. CPU includes what the request leaves to the worker ("later us" of it), which is done and timed
at once, since a collector's own worker does it half a minute later. `--sizes` repeats it over a database that already holds so
many answers, invitations, interactions and journey instances. `--check` is the short form for CI: it exits with 1
where CPU or statements pass the gates of collector_gates.json. Read the ratios: the absolute figures belong to the machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import collector_load
import collector_statements
import growth
import own_postgresql
import processor_time
import served
from collector_requests import SCENARIOS, Maker, Scenario, seed

HERE = Path(__file__).resolve().parent
Figures = dict[str, float]


def main() -> int:
    options = _options()
    report = {}
    for database in ("sqlite", "postgresql") if options.database == "both" else (options.database,):
        with tempfile.TemporaryDirectory() as folder, _database(database, Path(folder)) as urls:
            report[database] = measure(urls, Path(folder), options)
        _print(database, report[database])
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=2))
    return _check(report) if options.check else 0


def measure(urls: list[str], folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """All figures over one database, size after size."""
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        product = stack.enter_context(served.serve(urls[0], folder))
        ports = {
            "empty": stack.enter_context(contender("empty", urls[1])),
            "call": stack.enter_context(contender("call", urls[1])),
            "naive": stack.enter_context(contender("naive", urls[1])),
        }
        seed(Maker(product))
        worker = stack.enter_context(closing(processor_time.Worker(product)))
        for size in options.sizes or [0]:
            if size:
                growth.fill(urls[0], size)
            for connections in options.connections:
                name = f"{size} stored, {connections} connections" if size else f"{connections} connections"
                found[name] = side_by_side(product, ports, worker, connections, options)
            if size:
                found[f"jobs at {size} stored"] = growth.idle_rounds(urls[0])
        found["statements"] = collector_statements.count(urls[0], Maker(product))
    return found


def side_by_side(
    product: served.Collector,
    ports: dict[str, int],
    worker: processor_time.Worker,
    connections: int,
    options: argparse.Namespace,
) -> dict[str, dict[str, Figures]]:
    """Each scenario against every contender, in turns; medians over the rounds, of which the first only warms up."""
    servers = {name: (port, _workers(port)) for name, port in ports.items()}
    servers["product"] = (int(product.url.rsplit(":", 1)[1]), processor_time.workers_of(product.process.pid))
    found = {}
    for scenario in SCENARIOS:
        if options.only and scenario.name not in options.only:
            continue
        rounds: dict[str, list[Figures]] = {}
        for _ in range(1 + options.rounds):
            units = scenario.make(Maker(product), options.requests)
            worker.part()  # of what was made for this round, and of what came before
            for name in _names(scenario, options):
                part = worker.part if name == "product" else _none
                rounds.setdefault(name, []).append(
                    _run(scenario, name, *servers[name], part, units, connections)
                )
        found[scenario.name] = {name: _medians(figures[1:]) for name, figures in rounds.items()}
    return found


def _names(scenario: Scenario, options: argparse.Namespace) -> list[str]:
    """Whom a scenario is asked of; the short form leaves out what holds no gate."""
    return [
        "empty",
        *(() if options.check else ("call",)),
        *(("naive",) if scenario.naive else ()),
        "product",
    ]


def _none() -> float:
    return 0.0


def _run(
    scenario: Scenario, name: str, port: int, workers: list[int], part: Callable[[], float], units: list[Any], connections: int
) -> Figures:  # fmt: skip
    before = processor_time.used(workers)
    outcome = collector_load.run(port, units, connections)
    left = part()
    spent = processor_time.used(workers) - before + left
    if name == "product" and set(outcome.statuses) - scenario.statuses:
        raise SystemExit(f"{scenario.name}: unexpected statuses {dict(outcome.statuses)}")
    ordered, calls = sorted(outcome.seconds), len(outcome.seconds)
    each = scenario.calls if name == "product" else 1
    return {
        "rate": calls * each / outcome.took,
        "p50_ms": ordered[calls // 2] * 1000,
        "p99_ms": ordered[min(calls - 1, int(calls * 0.99))] * 1000,
        "cpu_us": spent / calls / each * 1e6,
        "later_us": left / calls / each * 1e6,
    }


def _medians(rounds: list[Figures]) -> Figures:
    return {name: round(median(figures[name] for figures in rounds), 1) for name in rounds[0]}


@contextmanager
def contender(kind: str, url: str) -> Iterator[int]:
    """One of the contenders as a process; gives its port."""
    port = served.free_port()
    command = [sys.executable, str(HERE / "collector_contenders.py"), kind, url, str(port)]
    process = subprocess.Popen(command)
    _started[port] = process.pid
    try:
        served.wait_until_ready(f"http://127.0.0.1:{port}")
        yield port
    finally:
        process.terminate()
        process.wait(30)


_started: dict[int, int] = {}


def _workers(port: int) -> list[int]:
    return processor_time.workers_of(_started[port])


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[list[str]]:
    """Two empty databases: the product's and the naive endpoint's."""
    if kind == "sqlite":
        yield [f"sqlite:///{folder}/product.db", f"sqlite:///{folder}/naive.db"]
        return
    with own_postgresql.running() as url, own_postgresql.beside(url, "naive") as naive:
        yield [url, naive]


def _print(database: str, found: dict[str, Any]) -> None:
    for name, rows in found.items():
        print(f"\n{database}, {name}")
        if "connections" not in name:
            print("".join(f"  {key:<32}{value:>8}\n" for key, value in rows.items()), end="")
            continue
        print(f"  {'':<26}{'':<9}{'per s':>8}{'p50 ms':>8}{'p99 ms':>8}{'CPU us':>8}{'x rate':>8}{'x p99':>8}{'x CPU':>8}{'later us':>10}")  # fmt: skip
        for scenario, contenders in rows.items():
            for contender_name, figures in contenders.items():
                shown = "".join(f"{figures[key]:>8.0f}" for key in ("rate", "p50_ms", "p99_ms", "cpu_us"))
                ratios = "".join(f"{ratio:>8.2f}" for ratio in _ratios(rows, scenario, figures))
                label = scenario if contender_name == "empty" else ""
                later = f"{figures['later_us']:>10.0f}" if contender_name == "product" else ""
                print(f"  {label:<26}{contender_name:<9}{shown}{ratios}{later}")


def _ratios(rows: dict[str, Any], scenario: str, figures: Figures) -> tuple[float, float, float]:
    """Rate and p99 against the empty endpoint's at the same requests, CPU against its median over all of them.

    (The empty endpoint costs the same whatever it is sent, and a few requests are too few to time a processor by.)
    """
    empty = rows[scenario]["empty"]
    base = median(contenders["empty"]["cpu_us"] for contenders in rows.values())
    return figures["rate"] / empty["rate"], figures["p99_ms"] / empty["p99_ms"], figures["cpu_us"] / base


def _check(report: dict[str, Any]) -> int:
    """Hold CPU ratios and statement counts to their gates; 1 where one is passed."""
    gates = json.loads((HERE / "collector_gates.json").read_text())
    passed = []
    for database, found in report.items():
        rows = next(value for key, value in found.items() if "connections" in key)
        for name, gate in gates[database].items():
            ratio = _ratios(rows, name, rows[name]["product"])[2]
            if ratio > gate["cpu"]:
                passed.append(f"{database}, {name}: {ratio:.1f} times the CPU of nothing; gate {gate['cpu']}")
            if (sent := found["statements"][name]) > gate["statements"]:
                passed.append(f"{database}, {name}: {sent} statements; gate {gate['statements']}")
    print("\n".join(passed) or "\nEvery gate holds.")
    return 1 if passed else 0


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--connections", type=_numbers, default=[16, 64])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--sizes", type=_numbers, default=[])
    parser.add_argument("--only", action="append", help="a scenario by name; may stand several times")
    parser.add_argument("--json", help="write all figures to a file")
    parser.add_argument("--check", action="store_true", help="the short form, held to the gates")
    options = parser.parse_args()
    if options.check:
        options.connections, options.rounds, options.requests = [16], 3, 250
    return options


if __name__ == "__main__":
    sys.exit(main())
