"""The server's time for each page where much was asked and answered, beside the same where little was.

Run: python tests/benchmarks/grown_pages.py [--sizes 10000,1000000] [--folder FOLDER]   (each database is made once and kept
there; ten million answers take 40 GB and a quarter of an hour). Promise: at most 1.5 times, and under 50 ms.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import dashboard_pages
import growth
import served
from collector_requests import Maker, seed
from sqlalchemy import Engine, select

from collector import clock, db, workspaces

PAGES = (
    "/journeys",
    "/journeys/first-order",
    "/journeys/first-order/map.svg",
    "/journeys/first-order/paths",
    "/journeys/first-order/outcomes",
    "/touchpoints",
    "/touchpoints/order-confirmed",
    "/dashlets/order-confirmed",
    "/wall/first-order",
    "/owners",
    "/owners/sales",
    "/desk",
    "/report",
    "/signals",
    "/insights",
    "/topics",
    "/unassigned",
)


def main(folder: Path, sizes: list[int]) -> None:
    clients = [dashboard_pages.signed_in(grown(folder / f"{size}.db", size)) for size in sizes]
    print(f"{'page, ms':<34}" + "".join(f"{size:>12,}" for size in sizes) + f"{'times':>8}")
    for page in PAGES:
        took = [dashboard_pages.measured(client, page)[1] for client in clients]
        print(
            f"{page:<34}" + "".join(f"{each:>12.1f}" for each in took) + f"{took[-1] / took[0]:>8.2f}",
            flush=True,
        )


def grown(file: Path, size: int) -> Engine:
    """A database with so many answers, invitations, interactions and journey instances, and an administrator."""
    file.parent.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{file.absolute()}"
    if not file.exists():
        with served.serve(url, file.parent) as product:
            seed(Maker(product))
        growth.fill(url, size, "none")
    engine = db.make_engine(url, 2)
    with db.make_sessions(engine).begin() as session:
        if session.scalar(select(workspaces.Person.person_id)) is None:
            here, now = session.scalars(select(workspaces.Workspace)).one(), clock.system_clock()
            workspaces.add_person(
                session,
                here.workspace_id,
                "board@example.com",
                "Board",
                "a good long password",
                now,
                role="administrator",
            )
    return engine


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="10000,1000000", help="as many answers; the last beside the first")
    parser.add_argument("--folder", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    main(options.folder, [int(size) for size in options.sizes.split(",")])
