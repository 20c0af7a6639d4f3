"""The server's time for each page of the dashboard: CPU and wall, median and worst of ten, over two sets of data.

``hundred``: 100 journeys of ten steps over 200 touchpoints and 20 owners, 270,000 cells in the rollup (promise: each
under 300 ms). ``demo``: what `afterword demo` makes (promise: under 100 ms). Figures are of a warm process.
Run: python tests/benchmarks/dashboard_pages.py [--folder FOLDER] [hundred|demo]   (the data is made once and kept there)
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from collector import clock, config, db, journeys, migrations, workspaces
from collector.demo import run
from collector.demo.folder import Folder
from collector.kpis import Rollup
from collector.service.app import create_app
from collector.surveys import MetricSeries

JOURNEYS, STEPS, TOUCHPOINTS, OWNERS = 100, 10, 200, 20
DAYS, SCORES_A_DAY = 180, (1, 2)
ROUNDS = 10
PAGES = {
    "hundred": (
        "/journeys",
        "/journeys/j0",
        "/touchpoints",
        "/touchpoints?page=4",
        "/touchpoints?q=touchpoint+1",
        "/touchpoints/t0",
        "/owners",
        "/owners/o0",
    ),
    "demo": (
        "/journeys",
        "/journeys/first-order",
        "/journeys/first-order/paths",
        "/touchpoints",
        "/touchpoints/order-confirmed",
        "/touchpoints/order-confirmed?q=order",
        "/owners",
        "/unassigned",
    ),
}


def main(folder: Path, names: list[str]) -> None:
    for name in names:
        engine = hundred(folder) if name == "hundred" else demo(folder)
        client = signed_in(engine)
        print(f"{name}: {'page':<42}{'CPU ms':>8}{'wall ms':>9}{'worst':>8}{'kB':>7}")
        for page in PAGES[name]:
            print(f"{name}: {page:<42}" + "".join(f"{each:>8.0f}" for each in measured(client, page)))
        engine.dispose()


def measured(client: FlaskClient, page: str) -> tuple[float, float, float, float]:
    """(median CPU, median wall, worst wall, size) in milliseconds and kilobytes, after one request to warm up."""
    answer = client.get(page)
    assert answer.status_code == 200, (page, answer.status_code)
    cpu, wall = [], []
    for _ in range(ROUNDS):
        began, began_wall = time.process_time(), time.perf_counter()
        client.get(page)
        cpu.append((time.process_time() - began) * 1000)
        wall.append((time.perf_counter() - began_wall) * 1000)
    return statistics.median(cpu), statistics.median(wall), max(wall), len(answer.data) / 1000


def signed_in(engine: Engine) -> FlaskClient:
    """A browser of the workspace's administrator."""
    now = clock.system_clock()
    with db.make_sessions(engine).begin() as session:
        person = session.scalars(select(workspaces.Person)).one()
        secret = uuid.uuid4().hex
        session.add(
            workspaces.SignIn(
                workspace_id=person.workspace_id,
                hash=hashlib.sha256(secret.encode()).hexdigest(),
                sign_in_id=clock.new_id(),
                person_id=person.person_id,
                created_at=now,
                seen_at=now,
                expires_at=now + timedelta(days=1),
            )
        )
    settings = {"AFTERWORD_DATABASE_URL": str(engine.url), "AFTERWORD_SECRET_KEY": "benchmark" * 5}
    client = create_app(config.load(settings), engine).test_client()
    client.set_cookie("afterword", secret)
    return client


def demo(folder: Path) -> Engine:
    place = Folder(folder / "demo")
    run.prepare(place, clock.system_clock, False, sys.stdout)
    return db.make_engine(place.database_url)


def hundred(folder: Path) -> Engine:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "hundred.db"
    engine = db.make_engine(f"sqlite:///{file}")
    migrations.upgrade(f"sqlite:///{file}")
    with db.make_sessions(engine).begin() as session:
        if session.scalar(select(workspaces.Person.person_id)) is None:
            fill(session)
    return engine


def fill(session: Session) -> None:
    now = clock.system_clock()
    workspace = workspaces.create(session, "A hundred journeys", now)
    who = workspace.workspace_id
    workspaces.add_person(
        session, who, "board@example.com", "Board", "a good long password", now, role="administrator"
    )
    journeys.apply(session, who, document(), "benchmark", now)
    series = {f"t{number}": clock.new_id() for number in range(TOUCHPOINTS)}
    started = now - timedelta(days=400)
    for place, series_id in series.items():
        session.add(
            MetricSeries(
                workspace_id=who,
                series_id=series_id,
                survey=place,
                metric="nps",
                fingerprint="0" * 64,
                started_at=started,
            )
        )
    session.flush()
    rows = cells(who, series)
    while batch := list(islice(rows, 5000)):
        session.execute(insert(Rollup), batch)


def document() -> dict[str, Any]:
    """Twenty owners, two hundred touchpoints, a hundred journeys that share them."""
    return {
        "stakeholders": [{"key": f"o{i}", "name": f"Department {i}"} for i in range(OWNERS)],
        "touchpoints": [
            {"key": f"t{i}", "name": f"Touchpoint {i}", "channel": "web", "owners": [f"o{i % OWNERS}"]}
            for i in range(TOUCHPOINTS)
        ],
        "journeys": [
            {
                "key": f"j{i}",
                "name": f"Journey {i}",
                "definition": "From the first step to the last",
                "customer_goal": "To arrive",
                "business_goal": "Arrivals",
                "phases": [{"name": "All", "steps": steps(i)}],
            }
            for i in range(JOURNEYS)
        ],
    }


def steps(journey: int) -> list[dict[str, Any]]:
    return [
        {"key": f"s{place}", "name": f"Step {place}", "touchpoint": touchpoint(journey, place)}
        for place in range(STEPS)
    ]


def touchpoint(journey: int, place: int) -> str:
    return f"t{(journey * 7 + place * 3) % TOUCHPOINTS}"


def cells(who: uuid.UUID, series: dict[str, uuid.UUID]) -> Iterator[dict[str, Any]]:
    """One or two scores a day at each step of each journey: 270,000 cells."""
    chance = random.Random(5)
    today = clock.system_clock().date()
    for number in range(JOURNEYS * STEPS):
        journey, place = divmod(number, STEPS)
        key = touchpoint(journey, place)
        for ago in range(DAYS):
            for score in chance.sample(range(11), SCORES_A_DAY[ago % 2]):
                yield {
                    "workspace_id": who,
                    "series_id": series[key],
                    "touchpoint": key,
                    "journey": f"j{journey}",
                    "journey_version": 1,
                    "channel": "web",
                    "persona": "",
                    "variant": "",
                    "source": "solicited",
                    "respondent": "customer",
                    "day": today - timedelta(days=ago),
                    "score": score,
                    "metric": "nps",
                    "n": chance.randint(1, 9),
                }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="hundred|demo", default=list(PAGES))
    parser.add_argument("--folder", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    main(options.folder, options.names)
