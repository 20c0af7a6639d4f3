"""What cannot leave now is tried again, less and less often, and given up in the end; a killed worker loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import db, deliveries
from collector.deliveries import Delivery, courier
from collector.outgoing import retry


def stored(session: Session) -> Delivery:
    session.rollback()
    session.expire_all()
    row = session.scalars(select(Delivery)).one()
    session.expunge(row)
    session.rollback()
    return row


def test_a_busy_server_is_tried_again(
    deliver: Any, work: Any, mailbox: Any, time: Any, session: Session
) -> None:
    deliver()
    mailbox.answers = ["451 try later"]
    work()
    row = stored(session)
    assert (row.state, row.attempts, row.last_error) == (
        "queued",
        1,
        "the mail server refused the recipient (451)",
    )
    assert timedelta(seconds=30) <= row.run_after - time() <= timedelta(seconds=60)
    assert work() == 0
    time.move(minutes=1)
    assert work() == 1
    assert [mail["To"] for mail in mailbox.mails] == ["ada@example.org"]


def test_a_final_refusal_is_final(deliver: Any, work: Any, mailbox: Any, session: Session, time: Any) -> None:
    deliver()
    mailbox.answers = ["550 no such user"]
    work()
    row = stored(session)
    assert (row.state, row.address) == ("dead", None)
    time.move(days=1)
    assert work() == 0


def test_it_gives_up_after_the_last_attempt(
    deliver: Any, work: Any, mailbox: Any, session: Session, time: Any
) -> None:
    deliver()
    mailbox.answers = ["451 try later"] * 50
    for _ in range(60):
        work()
        time.move(hours=6)
    row = stored(session)
    assert (row.state, row.attempts, row.address) == ("dead", retry.ATTEMPTS, None)


def test_a_lost_lease_is_taken_up_by_another_worker(
    deliver: Any, work: Any, mailbox: Any, session: Session, time: Any
) -> None:
    deliver()
    session.rollback()
    with db.make_sessions(session.get_bind()).begin() as dying:
        assert len(courier.claim(dying, time())) == 1
    assert work() == 0
    time.move(minutes=15)
    assert work() == 1
    assert len(mailbox.mails) == 1


def test_two_workers_never_send_the_same(
    deliver: Any, mailbox: Any, engine: Any, config: Any, time: Any
) -> None:
    for number in range(12):
        assert deliver(address=f"c{number}@example.org").status_code == 201
    start = threading.Barrier(3)

    def sweep() -> None:
        start.wait()
        with db.make_sessions(engine)() as session:
            while deliveries.send_due(session, time(), config):
                pass

    workers = [threading.Thread(target=sweep) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(mail["To"] for mail in mailbox.mails) == sorted(f"c{n}@example.org" for n in range(12))


def test_a_worker_killed_while_sending_loses_nothing(
    deliver: Any, work: Any, mailbox: Any, time: Any, config: Any, session: Session
) -> None:
    deliver()
    program = (
        "import os, signal, sys\n"
        "from datetime import datetime\n"
        "from collector import db, deliveries\n"
        "from collector.config import load\n"
        "from collector.deliveries import courier\n"
        "courier._note = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "config = load()\n"
        "with db.make_sessions(db.make_engine(config.database_url))() as session:\n"
        "    deliveries.send_due(session, datetime.fromisoformat(sys.argv[1]), config)\n"
    )
    environ = {k: v for k, v in os.environ.items() if not k.startswith("AFTERWORD_")}
    environ |= {
        "AFTERWORD_DATABASE_URL": config.database_url,
        "AFTERWORD_SECRET_KEY": config.secret_key[0],
        "AFTERWORD_SMTP_URL": config.smtp_url,
        "AFTERWORD_MAIL_FROM": config.mail_from,
    }
    session.rollback()
    ended = subprocess.run([sys.executable, "-c", program, time().isoformat()], env=environ, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert stored(session).state == "queued"
    time.move(minutes=15)
    work()
    assert stored(session).state == "sent"
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]


@given(st.integers(1, retry.ATTEMPTS - 1), st.floats(0, 1))
def test_the_wait_lies_between_half_and_all_of_the_doubled_step(attempts: int, chance: float) -> None:
    waited = retry.wait(attempts, chance)
    step = min(retry.FIRST * 2 ** (attempts - 1), retry.LONGEST)
    assert waited is not None
    assert step / 2 <= waited <= step


@pytest.mark.parametrize("attempts", [retry.ATTEMPTS, retry.ATTEMPTS + 1])
def test_there_is_an_end_to_waiting(attempts: int) -> None:
    assert retry.wait(attempts, 0.5) is None
