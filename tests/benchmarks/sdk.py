"""What `trigger_survey()` costs its caller, side by side with what others charge for less.

    python tests/benchmarks/sdk.py [--seconds 10] [--rounds 3] [--burst 100000] [--leaves 60] [--python PATH] [--check | --sound]

Makes a throw-away environment with the peers of contenders/sdk_requirements.txt, runs every contender in a process of its
own against a sink on loopback, in turns, and prints medians over the rounds. A link is signed when it is first
asked for: rows of Afterword ask for it in each call, but those that end in `no_link`. Read the ratios: the absolute
figures belong to the machine, and a busy one favours nobody only because the order rotates. All get the same payload.
`--check` exits with 1 if a promise does not hold; all promises are ratios. `--sound` exits with 1 only where one fails that
no other process can make fail: that is what CI asks, in a minute (`make bench-sdk`), and it prints the rest.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONTENDERS = HERE / "contenders"
SDK = HERE.parents[1] / "sdk_python"
CALLERS = [
    "queue_put",
    "sqlite_insert",
    "urllib3_post",
    "posthog",
    "segment",
    "sentry",
    "afterword_memory_no_link",
    "afterword_memory",
    "afterword_durable_no_link",
    "afterword_durable",
    "afterword_full",
]
PEERS = ["afterword_durable", "posthog", "segment", "sentry"]

LONGEST = 300.0  # seconds that one contender may take
SOUND = ("burst: nothing lost",)

Figures = dict[str, float]


@contextmanager
def sink(*mode: str) -> Iterator[str]:
    """Run a sink in a process of its own and give its port."""
    server = subprocess.Popen(
        [sys.executable, CONTENDERS / "sdk_sink.py", *mode], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def environment(folder: Path) -> str:
    """Return a Python that has the peers; AFTERWORD_BENCHMARK_VENV keeps it for the next time."""
    home = Path(os.environ.get("AFTERWORD_BENCHMARK_VENV", folder / "venv"))
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.check_call(
            [python, "-m", "pip", "install", "-q", "-r", CONTENDERS / "sdk_requirements.txt"]
        )
    return str(python)


def run(python: str, contender: str, measure: str, port: str, within: float = LONGEST) -> Figures:
    """Run one contender once, in a folder and process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [python, CONTENDERS / "sdk_contenders.py", contender, measure, port, folder]
        variables = {**os.environ, "PYTHONPATH": str(SDK)}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)  # else every import compiles
        try:
            said = subprocess.run(
                command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
                timeout=within,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            if measure != "leave":
                raise
            return {"seconds": within}  # or longer: a peer that waits for ever must not hold up the rest
        ended = time.time()
    figures: Figures = json.loads(said.stdout.splitlines()[-1])
    return {"seconds": ended - figures["left_at"]} if "left_at" in figures else figures


def medians(runs: list[Figures]) -> Figures:
    """Return the median of each figure."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def callers(python: str, seconds: float, rounds: int) -> dict[str, Figures]:
    """Measure the caller's thread; contenders take turns, so that a noisy minute hurts all alike."""
    runs: dict[str, list[Figures]] = {name: [] for name in CALLERS}
    for number in range(rounds):
        turn = number * len(CALLERS) // rounds  # nobody is always first, nor always behind the same neighbour
        for name in CALLERS[turn:] + CALLERS[:turn]:
            with sink() as port:
                runs[name].append(run(python, name, str(seconds), port))
    return {name: medians(results) for name, results in runs.items()}


def print_callers(figures: dict[str, Figures]) -> None:
    peer = figures["posthog"]
    print(
        f"\n{'caller thread, paced 2,000/s, us':34}{'median':>9}{'p99':>9}{'p99.9':>9}{'median : posthog':>18}{'p99 : posthog':>15}"
    )
    for name, row in figures.items():
        ratios = f"{row['p50'] / peer['p50']:>18.2f}{row['p99'] / peer['p99']:>15.2f}"
        print(f"{name:34}{row['p50']:>9.0f}{row['p99']:>9.0f}{row['p999']:>9.0f}{ratios}")


def burst(python: str, name: str, rows: int) -> Figures:
    """Let one contender hand over many at once."""
    with sink() as port:
        return run(python, name, f"burst:{rows}", port)


def print_bursts(figures: dict[str, Figures], rows: int) -> None:
    print(
        f"\n{f'{rows:,} at once':34}{'handed over/s':>15}{'arrived/s':>12}{'lost':>9}{'more memory, MB':>17}"
    )
    for name, row in figures.items():
        print(f"{name:34}{row['hand_over_per_second']:>15,.0f}{row['per_second']:>12,.0f}{row['lost']:>9,.0f}{row['rss_growth_mb']:>17.1f}")  # fmt: skip


def print_ratios(what: str, figures: dict[str, float]) -> None:
    own = figures["afterword_durable"]
    rest = ", ".join(f"{name} {value:.1f} ({own / value:.2f})" for name, value in figures.items())
    print(f"\n{what}, and ours as a share of it: {rest}")


def promised(
    paced: dict[str, Figures],
    bursts: dict[str, Figures],
    leaving: dict[str, float],
    imports: dict[str, float],
) -> dict[str, bool]:
    """Return what the SDK promises, each as a ratio to a peer that was measured beside it."""
    peer = paced["posthog"]

    def share(name: str, figure: str = "p50") -> float:
        return paced[name][figure] / peer[figure]

    quickest = min(value for name, value in imports.items() if name != "afterword_durable")
    return {
        "durable, link signed: median <= 0.9 posthog's": share("afterword_durable") <= 0.9,
        "durable, link signed: p99 <= 0.9 posthog's": share("afterword_durable", "p99") <= 0.9,
        "durable, no link: median <= 0.7 posthog's": share("afterword_durable_no_link") <= 0.7,
        "memory, link signed: median <= 0.6 posthog's": share("afterword_memory") <= 0.6,
        "burst: nothing lost": bursts["afterword_durable"]["lost"] == 0,
        "burst: arrives at least as fast as posthog's": bursts["afterword_durable"]["per_second"]
        >= bursts["posthog"]["per_second"],
        "exit: no slower than posthog's": leaving["afterword_durable"] <= leaving["posthog"],
        "import and client: at most half of the quickest peer's": imports["afterword_durable"]
        <= quickest / 2,
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--burst", type=int, default=100_000)
    parser.add_argument("--leaves", type=float, default=60)
    parser.add_argument("--python")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--sound", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        python = options.python or environment(Path(folder))
        paced = callers(python, options.seconds, options.rounds)
        print_callers(paced)
        bursts = {name: burst(python, name, options.burst) for name in PEERS}
        print_bursts(bursts, options.burst)
        with sink("hang") as port:
            leaving = {name: run(python, name, "leave", port, options.leaves)["seconds"] for name in PEERS}
        imports = {name: run(python, name, "import", "0")["ms"] for name in PEERS}
    print_ratios("exit while the collector hangs, s", leaving)
    print_ratios("import and the making of a client, ms", imports)
    promises = promised(paced, bursts, leaving, imports)
    print("\n" + "\n".join(f"{'holds' if held else 'FAILS':7}{name}" for name, held in promises.items()))
    asked = promises if options.check else SOUND if options.sound else ()
    return 0 if all(promises[name] for name in asked) else 1


if __name__ == "__main__":
    sys.exit(main())
