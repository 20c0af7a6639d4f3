"""Two collectors over one database: answering, thinking again, counting, erasing, rebuilding and cutting days anew, all at once.

A sequence is a few customers and what happens to them, dealt out to the threads of all processes by a seed. Before each the
company moves to another time zone; after each everybody waits, then what is left is counted, and figures, days and groups of
five are compared with a naive recount.
``python -m interleavings sqlite 1000`` or ``postgresql 300`` runs the long form.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import progress
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from collector import clock, config, days, db, journeys, migrations, surveys, workspaces
from collector.invitations import Invitation
from collector.kpis import asks, checking, cube, day_zones, recounting, recounting_asks, rollups
from collector.kpis.models import AskRollup, GroupMember
from collector.responses import Response
from collector.service.app import create_app
from collector.surveys.schemas import SurveysIn

THREADS, CUSTOMERS, DEEDS = 3, 5, 24
COMPANY: dict[str, Any] = {
    "touchpoints": [{"key": "shop", "name": "Shop", "channel": "web"}],
}
SURVEY = {"key": "shop-nps", "template": "nps", "touchpoint": "shop", "subject": "us"}
ZONES = ("Pacific/Auckland", "America/Los_Angeles", "UTC")
SEEN = 0.4
"""Seconds after which every process knows the company's new zone."""
Deed = tuple[str, int, int]
"""What is done, to which customer, with which number."""


def company(url: str) -> str:
    """A workspace with one touchpoint and its survey; its server key."""
    migrations.upgrade(url)
    engine = db.make_engine(url)
    now = clock.system_clock()
    with db.make_sessions(engine).begin() as session:
        workspace = workspaces.create(session, "Crowd", now)
        workspace.settings = {
            "policy": {"quarantine": {"after_answer": 0, "after_decline": 0, "after_silence": 0}}
        }
        journeys.apply(session, workspace.workspace_id, {"touchpoints": COMPANY["touchpoints"]}, "t", now)
        entries = SurveysIn().load({"surveys": [SURVEY]})["surveys"]
        surveys.apply(session, workspace.workspace_id, entries, "t", now)
        key = workspaces.mint_key(session, workspace, "server", "Crowd", now).text
    engine.dispose()
    return key


def deeds(seed: int) -> list[Deed]:
    """What happens in one sequence: more is answered than erased, and an erasure often comes twice at once."""
    chance = random.Random(seed)
    found: list[Deed] = []
    for number in range(DEEDS):
        what = chance.choices(
            ["answer", "elsewhere", "count", "recut", "erase", "rebuild"], [8, 4, 5, 4, 4, 1]
        )[0]
        deed = (what, chance.randrange(CUSTOMERS), number)
        found += [deed, deed] if what == "erase" else [deed]
    return found


class Collector:
    """One process's collector, as its threads use it."""

    def __init__(self, url: str, key: str) -> None:
        given = {"AFTERWORD_DATABASE_URL": url, "AFTERWORD_SECRET_KEY": "x" * 40}
        self.app: Flask = create_app(config.load(given))
        self.sessions: sessionmaker[Session] = db.make_sessions(self.app.extensions["afterword_engine"])
        self.head = {"Authorization": f"Bearer {key}"}
        self.refused: list[str] = []

    def __enter__(self) -> Collector:
        return self

    def __exit__(self, *_error: object) -> None:
        self.app.extensions["afterword_engine"].dispose()

    def play(self, seed: int, part: int, parts: int) -> None:
        """Do this process's part of a sequence, on several threads."""
        mine = deeds(seed)[part::parts]
        threads = [
            threading.Thread(target=self._do, args=(seed, mine[each::THREADS])) for each in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _do(self, seed: int, mine: list[Deed]) -> None:
        for what, customer, number in mine:
            try:
                getattr(self, what)(seed, f"c-{seed}-{customer}", number)
            except Exception as error:
                if not db.is_passing(error):
                    self.refused.append(f"{what}: {error!r}"[:300])

    def answer(self, seed: int, customer: str, number: int) -> None:
        trigger = {"touchpoint": "shop", "customer": customer, "transaction": f"{seed}-{number}"}
        told = self._call("POST", "/api/v1/triggers", {"triggers": [trigger]})
        made = told["decisions"][0]["invitation"] if "decisions" in told else None
        if made:
            body = {
                "token": made["token"],
                "response_id": str(uuid.uuid4()),
                "answers": {"score": number % 11},
            }
            self._call("POST", "/w/v1/responses", body)
            self._call("POST", "/w/v1/responses", {**body, "answers": {"score": (number + 3) % 11}})
            self._call("POST", "/w/v1/responses", {**body, "answers": {"comment": "so"}, "complete": True})

    def elsewhere(self, seed: int, customer: str, number: int) -> None:
        item = {
            "touchpoint": "shop", "customer": customer, "transaction": f"e-{seed}-{number // 2}",
            "persona": f"p-{number % 2}", "answers": {"score": number % 11},
        }  # fmt: skip
        self._call("POST", "/api/v1/responses", {"responses": [item]})

    def erase(self, seed: int, customer: str, number: int) -> None:
        self._call("DELETE", f"/api/v1/customers/{customer}", None)

    def count(self, *_given: object) -> None:
        with self.sessions.begin() as session:
            rollups.count(session, clock.system_clock(), batch=7)
        with self.sessions.begin() as session:
            asks.count(session, clock.system_clock() + asks.SETTLED, batch=7)

    def recut(self, *_given: object) -> None:
        with self.sessions.begin() as session:
            day_zones.recut(session, clock.system_clock(), batch=7)

    def move(self, zone: str) -> None:
        """Move the company to another zone, and wait until no process cuts a day by the one before: then days may be cut anew."""
        with self.sessions.begin() as session:
            session.scalars(select(workspaces.Workspace)).one().timezone = zone
        time.sleep(SEEN)
        with self.sessions.begin() as session:
            day_zones.recut(session, clock.system_clock() - 2 * day_zones.LATE)

    def rebuild(self, *_given: object) -> None:
        with self.sessions() as session:
            workspace_id = session.scalars(select(workspaces.Workspace.workspace_id)).one()
        for rebuild in (recounting.rebuild, recounting_asks.rebuild):
            for _piece in rebuild(self.sessions, workspace_id):
                pass

    def _call(self, method: str, path: str, body: Any) -> Any:
        got = self.app.test_client().open(path, method=method, json=body, headers=self.head)
        if got.status_code >= 500 and got.status_code != 503:
            self.refused.append(f"{method} {path}: {got.status_code} {got.text}"[:300])
        return got.json or {}


def differences(collector: Collector) -> list[str]:
    """Count what is left, and compare figures, cells, days and groups with what the answers themselves say."""
    with collector.sessions.begin() as session:
        while rollups.count(session, clock.system_clock()):
            pass
        while asks.count(session, clock.system_clock() + asks.SETTLED):
            pass
        while day_zones.recut(session, clock.system_clock()):
            pass
    with collector.sessions.begin() as session:
        workspace_id = session.scalars(select(workspaces.Workspace.workspace_id)).one()
        scores = session.scalars(select(Response.score).where(Response.score.is_not(None)))
        right = dict(Counter(scores))
        shown = cube.merge(cube.read_cells(session, workspace_id, cube.Slice("nps")))
        found = [] if {k: n for k, n in shown.items() if n} == right else [f"{shown} instead of {right}"]
        wrong = checking.check(session, clock.system_clock())
        found += [f"{wrong} cells differ"] if wrong else []
        zone = session.scalars(select(workspaces.Workspace.days_zone)).one()
        cut = session.execute(select(Response.occurred_at, Response.day))
        found += [f"{at} on {day} in {zone}" for at, day in cut if days.day_of(at, zone) != day]
        table = GroupMember
        gone = select(func.count()).where(table.response_id.not_in(select(Response.response_id)))
        found += ["members without an answer"] if session.scalar(gone) else []
        found += _asked_differently(session, zone)
        sizes = select(func.count()).where(table.group_id.is_not(None))
        groups = session.scalars(sizes.group_by(table.dimension, table.group_id)).all()
        found += [f"groups of {set(groups)}"] if set(groups) - {5} else []
    return found


def _asked_differently(session: Session, zone: str) -> list[str]:
    """Where the cells of a day say otherwise than its invitations who was asked, and who answered."""
    right: Counter[tuple[date, str]] = Counter()
    for at, state in session.execute(select(Invitation.created_at, Invitation.state)):
        day = days.day_of(at, zone)
        right.update({(day, "asked"): 1, (day, "answered"): int(state == "answered")})
    cells: Counter[tuple[date, str]] = Counter()
    for day, asked, answered in session.execute(select(AskRollup.day, AskRollup.asked, AskRollup.answered)):
        cells.update({(day, "asked"): asked, (day, "answered"): answered})
    return [] if +cells == +right else [f"asked {+cells} instead of {+right}"]


def run(url: str, sequences: int, processes: int = 1, first: int = 1) -> list[str]:
    """Play so many sequences; what differed afterwards or was answered with 500."""
    key = company(url)
    here, found = Collector(url, key), list[str]()
    with here, _others(url, key, processes) as tell:
        for seed in progress.told(range(first, first + sequences), "sequences"):
            here.move(ZONES[seed % len(ZONES)])
            wait = tell(seed)
            here.play(seed, 0, processes)
            found += [f"{seed}: {each}" for each in (*wait(), *here.refused, *differences(here))]
            here.refused.clear()
    return found


@contextmanager
def _others(url: str, key: str, processes: int) -> Iterator[Callable[[int], Callable[[], list[str]]]]:
    command = [sys.executable, __file__, "part", url, key, str(processes)]
    started = [
        subprocess.Popen([*command, str(part)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for part in range(1, processes)
    ]

    def tell(seed: int) -> Callable[[], list[str]]:
        for each in started:
            assert each.stdin
            print(seed, file=each.stdin, flush=True)
        return lambda: [
            line for each in started if each.stdout for line in json.loads(each.stdout.readline())
        ]

    try:
        yield tell
    finally:
        for each in started:
            each.communicate()


def _part(url: str, key: str, processes: int, part: int) -> None:
    """Another process: plays its part of each sequence whose seed it is told."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what is logged goes elsewhere
    with Collector(url, key) as mine:
        for line in sys.stdin:
            mine.play(int(line), part, processes)
            print(json.dumps(mine.refused), file=answers, flush=True)
            mine.refused.clear()


def main() -> int:
    if sys.argv[1] == "part":
        _part(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
        return 0
    from own_postgresql import beside, running

    if sys.argv[1] == "postgresql":
        with running() as server, beside(server, "interleavings") as url:
            found = run(url, int(sys.argv[2]), processes=2)
    else:
        with TemporaryDirectory() as folder:
            found = run(f"sqlite:///{Path(folder) / 'crowd.db'}", int(sys.argv[2]))
    print(f"{sys.argv[2]} sequences on {sys.argv[1]}: {len(found)} differences", *found[:20], sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
