"""A backlog that the SDK has kept through an outage, on its way into a collector that is back.

    PYTHONPATH=tests/support python tests/benchmarks/backlog.py [--triggers 100000] [--database sqlite|postgresql]

Prints triggers a second, whole and by tenths (promise: 2,000 and more, flat), the server's processor time for each beside
that of an empty request, and what an answer that comes meanwhile waits. Exits with 1 where one is lost or doubled.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time

import collector_load
import processor_time
import served
from afterword import Client
from collector_requests import Maker, answers, seed
from sqlalchemy import create_engine, text

LOOK = 0.1
ATTRIBUTES = {"product": "fibre", "amount": 49.9}


def main() -> int:
    options = _options()
    with served.on(options.database) as (product, folder):
        seed(Maker(product))
        with Client(product.url, api_key=product.keys["server_key"], outbox=folder / "outbox.db") as client:
            return drained(product, client, options.triggers)


def drained(product: served.Collector, client: Client, count: int) -> int:
    """Fill the outbox while nobody answers, then watch it go; 0 where each trigger has arrived once."""
    workers = processor_time.workers_of(product.process.pid)
    maker, port = Maker(product), int(product.url.rpartition(":")[2])
    url = product.environment["AFTERWORD_DATABASE_URL"]
    units, before = answers(maker, 200), _stored(url)
    _signal([product.process.pid, *workers], signal.SIGSTOP)
    for number in range(count):
        client.trigger_survey(
            "order-confirmed", journey="first-order", customer=f"c-{number}", transaction=f"t-{number}", channel="web", attributes=ATTRIBUTES
        )  # fmt: skip
    print(f"{client.stats().queued:,} wait in the outbox", flush=True)
    spent, seen, waited = processor_time.used(workers), [(time.monotonic(), 0)], list[float]()
    _signal([product.process.pid, *workers], signal.SIGCONT)
    while client.stats().queued:
        time.sleep(LOOK)
        if (gone := client.stats().delivered) and units:
            waited += collector_load.run(port, [units.pop()], 1).seconds
        if not gone:
            seen = [
                (time.monotonic(), 0)
            ]  # it tries again by and by: the time until then is not the collector's
        elif gone != seen[-1][1]:
            seen.append((time.monotonic(), gone))
    _tell(seen, (processor_time.used(workers) - spent) / count, sorted(waited))
    stored = _stored(url) - before
    print(f"  {stored:,} stored, {client.stats().dead} refused")
    return int(stored != count)


def _tell(seen: list[tuple[float, int]], cpu: float, waited: list[float]) -> None:
    (start, _), (end, count) = seen[0], seen[-1]
    print(f"  {count / (end - start):7.0f} a second, {cpu * 1e6:.0f} us of the server's processors each")
    parts = []
    for part in range(10):
        inside = [at for at in seen if count * part // 10 <= at[1] <= count * (part + 1) // 10]
        if len(inside) > 1:
            parts.append((inside[-1][1] - inside[0][1]) / (inside[-1][0] - inside[0][0]))
    print("  by tenths: " + " ".join(f"{rate:.0f}" for rate in parts))
    if waited:
        print(
            f"  an answer meanwhile: {waited[len(waited) // 2] * 1e3:.0f} ms, at most {waited[-1] * 1e3:.0f}"
        )


def _stored(url: str) -> int:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT count(DISTINCT invitation_id), count(*) FROM invitation")
        ).one()
    engine.dispose()
    assert found[0] == found[1]
    return int(found[0])


def _signal(processes: list[int], what: signal.Signals) -> None:
    for process in processes:
        os.kill(process, what)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--triggers", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
