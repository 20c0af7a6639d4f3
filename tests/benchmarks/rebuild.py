"""The rollup made anew while customers answer: answers counted a second, and what an answer beside it waits.

    PYTHONPATH=tests/support python tests/benchmarks/rebuild.py [--answers 300000] [--database sqlite|postgresql|both]

Once over a rollup that holds one cell (the others' answers are copies, marked as counted), and once over an emptied one.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import collector_load
import growth
import own_postgresql
import served
from collector_requests import Maker, answers, seed
from sqlalchemy import select, text

from collector import db
from collector.kpis import recounting
from collector.workspaces import Workspace


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=300_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    options = parser.parse_args()
    for database in ("sqlite", "postgresql") if options.database == "both" else (options.database,):
        with (
            tempfile.TemporaryDirectory() as folder,
            _database(database, folder) as url,
            served.serve(url, Path(folder)) as product,
        ):
            seed(Maker(product))
            growth.fill(url, options.answers)
            measure(database, url, Maker(product))


def measure(database: str, url: str, maker: Maker) -> None:
    with db.opened(url, 2) as engine:
        sessions = db.make_sessions(engine)
        with sessions() as session:
            workspace_id = session.scalars(select(Workspace.workspace_id)).one()
        for before in ("all", "nothing"):
            if before == "nothing":
                with engine.begin() as connection:
                    connection.execute(text("DELETE FROM rollup"))
            with _answering(maker) as waited:
                start = time.perf_counter()
                *_, last = recounting.rebuild(sessions, workspace_id)
                took = time.perf_counter() - start
            ordered = sorted(waited)
            print(
                f"{database}, {before} counted before: {last.total / took:,.0f} answers a second, {last.mended:,} cells; "
                f"an answer beside it: p50 {ordered[len(ordered) // 2] * 1000:.0f} ms, at most {ordered[-1] * 1000:.0f} ms"
            )


@contextmanager
def _answering(maker: Maker) -> Iterator[list[float]]:
    """One customer after another answers while the block runs; seconds that each waited."""
    waited: list[float] = []
    over = threading.Event()
    port = int(maker.collector.url.rpartition(":")[2])

    def answer() -> None:
        while not over.is_set() or not waited:
            outcome = collector_load.run(port, answers(maker, 1), 1)
            assert set(outcome.statuses) == {201}, outcome.statuses
            waited.extend(outcome.seconds)
            time.sleep(0.02)

    customers = threading.Thread(target=answer)
    customers.start()
    try:
        yield waited
    finally:
        over.set()
        customers.join()


@contextmanager
def _database(kind: str, folder: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/rebuild.db"
        return
    with own_postgresql.running() as url:
        yield url


if __name__ == "__main__":
    main()
