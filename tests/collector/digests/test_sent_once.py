"""A digest is sent once, by whichever worker comes first, and again where a mail server was busy."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import db, deliveries, digests
from collector.digests.sending import claim
from collector.outgoing import SendingFailed


def test_two_workers_send_it_once(
    wish: Any, note: Any, mailbox: Any, time: Any, engine: Any, config: Any
) -> None:
    wish("daily")
    note("Long waits")
    time.move(days=1)
    starting = threading.Barrier(3)

    def run() -> None:
        with db.make_sessions(engine)() as own:
            starting.wait(30)
            digests.send_due(own, time(), config)

    workers = [threading.Thread(target=run) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(mailbox.mails) == 1


def test_one_that_died_before_it_sent_leaves_it_to_the_next(
    wish: Any, note: Any, work: Any, mailbox: Any, time: Any, session: Session
) -> None:
    wish("daily")
    note("Long waits")
    time.move(days=1)
    assert claim(session, time()) is not None
    session.commit()
    assert work() == 0
    time.move(minutes=16)
    assert (work(), work()) == (1, 0)
    assert len(mailbox.mails) == 1


def test_one_that_was_held_up_until_another_sent_it_notes_nothing(
    wish: Any, note: Any, work: Any, mailbox: Any, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish("daily")
    note("Long waits")
    time.move(days=1)
    really, tries = deliveries.send_mail, []

    def held_up(*mail: Any) -> None:
        tries.append(mail)
        if len(tries) > 1:
            return really(*mail)
        time.move(minutes=16)
        assert work() == 1
        raise SendingFailed("550 no such reader", permanent=True)

    monkeypatch.setattr(deliveries, "send_mail", held_up)
    assert (work(), work()) == (1, 0)
    note("Longer waits")
    time.move(days=1)
    assert work() == 1, "the next day's is due, whatever the first one met"
    assert len(mailbox.mails) == 2


def test_a_mail_server_that_is_busy_is_asked_again(
    wish: Any, note: Any, work: Any, mailbox: Any, time: Any
) -> None:
    wish("daily")
    note("Long waits")
    mailbox.answers = ["451 later"]
    time.move(days=1)
    assert work() == 1
    assert mailbox.mails == []
    time.move(minutes=10)
    work()
    (mail,) = mailbox.mails
    assert re.fullmatch(r"<digest\.[0-9a-f-]{36}\.20261103@example\.com>", mail["Message-ID"])
