"""The demo's company with a touchpoint that is about to fall, served with a worker, a clock and a mail server."""

from __future__ import annotations

import itertools
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import quick
import served
from playwright.sync_api import Browser, Page
from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from collector import clock, db, digests, workspaces
from collector.config import Config
from collector.config import load as load_config
from collector.demo import living, seed, story
from collector.demo.sample import Sample
from collector.responses import Response
from collector.service import worker
from tests.collector.deliveries.conftest import Mailbox, mailbox

__all__ = ["mailbox"]
HAPPY = (5, 5, 4, 2)
"""What customers usually say of the renewal in turn."""
JOBS = {
    "count answers into rollups",
    "notice what has changed",
    "see whether insights have recovered",
}


class Quiet(WSGIRequestHandler):
    """Serves without a line per request."""

    def log_request(self, *_args: Any, **_kwargs: Any) -> None:
        return


@dataclass
class Tarnwick:
    """The address, the clock, and ways to let customers answer, the worker work and the mail arrive."""

    url: str
    sessions: Callable[[], Session]
    workspace_id: uuid.UUID
    time: clock.FixedClock
    config: Config
    prototype: dict[str, Any]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def answer(self, days: int, a_day: int, scores: tuple[int, ...]) -> None:
        """Days pass on which customers answer, and the worker takes each answer in as it comes."""
        for _day in range(days):
            rows = []
            for _answer in range(a_day):
                self.time.move(hours=24 / a_day)
                number = next(self.numbers)
                rows.append(self.prototype | said(number, self.time(), scores[number % len(scores)]))
            with self.sessions() as session:
                session.execute(insert(Response), rows)
                session.commit()
            self.work()

    def work(self) -> None:
        """What the worker does of this until nothing is left to do; digests are sent too."""
        for job in worker.JOBS:
            if job.name in JOBS:
                worker.run_job(job, self.sessions, self.time)  # type: ignore[arg-type]
        with self.sessions() as session:
            digests.send_due(session, self.time(), self.config)


def said(number: int, at: datetime, score: int) -> dict[str, Any]:
    """What is an answer's own."""
    return {
        "response_id": uuid.UUID(int=number),
        "invitation_id": uuid.UUID(int=100_000 + number),
        "score": score,
        "comment": None,
        "day": at.date(),
        "occurred_at": at,
        "received_at": at,
        "updated_at": at,
    }


@pytest.fixture(scope="session")
def port() -> int:
    """One port for all, so that the app, which knows its own address, is built once."""
    return served.free_port()


@pytest.fixture
def tarnwick(sqlite_url: str, port: int, mailbox: Mailbox) -> Iterator[Tarnwick]:
    """The company after sixty usual days, on a free port of the loopback; its manager wants a digest each day."""
    url = f"http://127.0.0.1:{port}"
    settings = {
        "AFTERWORD_DATABASE_URL": sqlite_url,
        "AFTERWORD_SECRET_KEY": "k" * 40,
        "AFTERWORD_URL": url,
        "AFTERWORD_SMTP_URL": mailbox.url,
        "AFTERWORD_MAIL_FROM": "Tarnwick Telecom <feedback@example.com>",
    }
    config, engine, time = load_config(settings), db.make_engine(sqlite_url), clock.FixedClock()
    sessions = db.make_sessions(engine)
    with sessions() as session:
        workspace_id, prototype = company(session, time())
        session.commit()
    app = quick.app(config, engine, time, is_testing=False)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Tarnwick(url, sessions, workspace_id, time, config, prototype)
    server.shutdown()
    server.server_close()
    engine.dispose()


def company(session: Session, now: datetime) -> tuple[uuid.UUID, dict[str, Any]]:
    """The demo's company whose customers have renewed in peace so far; and what their answers have in common."""
    workspace = seed.open_workspace(session, now).workspace
    workspace_id = workspace.workspace_id
    rows = Sample(seed.setting(session, workspace), now, scale=0.05).rows()
    prototype = next(row for name, row in rows if name == "response" and row["touchpoint"] == story.UPDATED)
    days = [(number, now - timedelta(days=number / 2)) for number in range(1, 121)]
    usual = [prototype | said(200_000 + n, at, HAPPY[n % len(HAPPY)]) for n, at in days]
    living.take_in(session, workspace_id, usual, seed.EMAIL, now)
    manager = session.scalars(select(workspaces.Person)).one()
    digests.actions.want(session, manager, "daily", now)
    return workspace_id, prototype


@pytest.fixture
def visit(browser: Browser, tarnwick: Tarnwick) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser that nobody has signed in to; errors in the page's console fail the test."""
    contexts, problems = [], []

    def go(path: str, **options: Any) -> Page:
        context = browser.new_context(reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(tarnwick.url + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert problems == []
