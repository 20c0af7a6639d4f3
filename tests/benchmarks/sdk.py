"""What `trigger_survey()` costs its caller, side by side with what others charge for less.

    python tests/benchmarks/sdk.py [--seconds 10] [--rounds 3] [--python PATH] [--check]

Makes a throw-away environment with the peers of contenders/sdk_requirements.txt, runs every contender in a process of its
own against a sink on loopback, in turns, and prints medians over the rounds. A link is signed when it is first
asked for: rows of Afterword ask for it in each call, but those that end in `no_link`. Read the ratios: the absolute
figures belong to the machine. `--check` exits with 1 if a promise does not hold.
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


def run(python: str, contender: str, measure: str, port: str) -> Figures:
    """Run one contender once, in a folder and process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [python, CONTENDERS / "sdk_contenders.py", contender, measure, port, folder]
        variables = {**os.environ, "PYTHONPATH": str(SDK)}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)  # else every import compiles
        said = subprocess.run(
            command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
        )
        ended = time.time()
    figures: Figures = json.loads(said.stdout.splitlines()[-1])
    return {"seconds": ended - figures["left_at"]} if "left_at" in figures else figures


def medians(runs: list[Figures]) -> Figures:
    """Return the median of each figure."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def callers(python: str, seconds: float, rounds: int) -> dict[str, Figures]:
    """Measure the caller's thread; contenders take turns, so that a noisy minute hurts all alike."""
    runs: dict[str, list[Figures]] = {name: [] for name in CALLERS}
    for _ in range(rounds):
        for name in CALLERS:
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


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        python = options.python or environment(Path(folder))
        paced = callers(python, options.seconds, options.rounds)
        print_callers(paced)
        with sink() as port:
            burst = run(python, "afterword_durable", "throughput", port)
        print(f"\n100,000 triggers, durable: {burst['per_second']:,.0f}/s delivered, "
              f"{burst['rss_growth_mb']:.1f} MB more memory, {burst['lost']:.0f} lost, {burst['dropped']:.0f} dropped")  # fmt: skip
        with sink("hang") as port:
            leaving = {
                name: run(python, name, "leave", port)["seconds"] for name in ("afterword_durable", "posthog")
            }
        imports = {
            name: run(python, name, "import", "0")["ms"]
            for name in ("afterword_durable", "posthog", "segment", "sentry")
        }
    print(
        "\nexit while the collector hangs: "
        + ", ".join(f"{name} {value:.1f} s" for name, value in leaving.items())
    )
    print("import: " + ", ".join(f"{name} {value:.0f} ms" for name, value in imports.items()))
    promises = {
        "durable median <= posthog (link signed)": paced["afterword_durable"]["p50"]
        <= paced["posthog"]["p50"],
        "durable p99 <= posthog (link signed)": paced["afterword_durable"]["p99"] <= paced["posthog"]["p99"],
        "memory median <= half of posthog (link not asked for)": paced["afterword_memory_no_link"]["p50"]
        <= paced["posthog"]["p50"] / 2,
        "delivered >= 5,000/s": burst["per_second"] >= 5_000,
        "memory growth < 30 MB": burst["rss_growth_mb"] < 30,
        "nothing lost": burst["lost"] == 0 and burst["dropped"] == 0,
        "exit <= 2 s": leaving["afterword_durable"] <= 2,
        "import < 30 ms": imports["afterword_durable"] < 30,
    }
    print("\n" + "\n".join(f"{'holds' if held else 'FAILS':7}{name}" for name, held in promises.items()))
    return 1 if options.check and not all(promises.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
