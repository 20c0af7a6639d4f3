"""Two workers at once, and one that is killed in the middle of a message."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import db, webhooks
from collector.config import Config

WORKER = """
import sys
from datetime import datetime
from collector import config, db, webhooks
settings = config.load()
with db.opened(settings.database_url) as engine, db.make_sessions(engine)() as session:
    webhooks.send_due(session, datetime.fromisoformat(sys.argv[1]), settings, patience=120)
"""


@pytest.fixture
def wait_for_events(session: Session, company: Any, time: Any) -> Any:
    """Let signals be raised, and put them on their way."""

    def call(count: int) -> None:
        for number in range(count):
            facts = {"signal_id": company.workspace_id, "signal": "fall", "title": str(number), "owners": []}
            webhooks.announce(session, company.workspace_id, "signal.raised", webhooks.Subject(facts), time())
        session.commit()
        webhooks.spread(session, time())
        session.commit()

    return call


def test_two_workers_never_send_the_same(
    subscribe: Any, wait_for_events: Any, receiver: Any, engine: Any, config: Config, time: Any
) -> None:
    for number in range(4):
        subscribe(name=f"Number {number}")
    wait_for_events(10)
    starting = threading.Barrier(3)

    def work() -> None:
        with db.make_sessions(engine)() as session:
            starting.wait(30)
            while webhooks.are_due(session, time()):
                session.rollback()
                webhooks.send_due(session, time(), config, patience=60)
                session.rollback()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert len(receiver.calls) == 40
    signed = {(headers["webhook-id"], headers["webhook-signature"]) for headers, _ in receiver.calls}
    assert (len(set(receiver.ids)), len(signed)) == (10, 40)


def test_one_that_is_killed_in_the_middle_leaves_it_to_the_next(
    subscribe: Any, wait_for_events: Any, receiver: Any, config: Config, time: Any, work: Any, log: Any
) -> None:
    hook = subscribe()
    wait_for_events(1)
    receiver.held.clear()
    environment = os.environ | {
        "AFTERWORD_DATABASE_URL": config.database_url,
        "AFTERWORD_SECRET_KEY": config.secret_key[0],
        "AFTERWORD_PRIVATE_HOSTS": "127.0.0.1",
    }
    killed = subprocess.Popen([sys.executable, "-c", WORKER, time().isoformat()], env=environment)
    assert receiver.arrived.wait(60)
    killed.kill()
    killed.wait(30)
    receiver.held.set()
    work()
    assert len(receiver.calls) == 1  # the dead worker's lease still holds
    time.move(minutes=6)
    work()
    assert len(receiver.calls) == 2
    assert len(set(receiver.ids)) == 1
    assert [each["state"] for each in log(hook)] == ["sent"]
