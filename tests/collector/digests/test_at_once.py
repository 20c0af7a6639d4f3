"""What is somebody's own is told to them at once, once, where they want it so; else in the digest, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import db, digests, signals
from collector.digests.models import InstantNews
from tests.collector.digests.test_digests import parts

Work = Callable[[], int]


@pytest.fixture
def at_once(olga: Any) -> Callable[..., None]:
    """Let Olga choose: ``at_once(signals="at_once")``."""

    def call(**wanted: str) -> None:
        assert olga.post("/me/digest", "/me/digest", every="never", **wanted).status_code == 303

    return call


@pytest.fixture
def look(session: Session, config: Any, time: Any) -> Work:
    """What the worker does: notice, then send until nothing is left; how many were claimed."""

    def call() -> int:
        session.rollback()
        digests.noticing.notice(session, time())
        session.commit()
        claimed = 0
        while _is_due(session, time()):
            claimed += digests.instant.send_due(session, time(), config)
        return claimed

    return call


def _is_due(session: Session, now: datetime) -> bool:
    session.rollback()
    found = digests.instant.are_due(session, now)
    session.rollback()
    return found


@pytest.fixture
def fall(session: Session, company: Any, time: Any) -> Callable[..., Any]:
    """A signal at a touchpoint: ``fall("installed")``."""

    def call(touchpoint: str = "installed", subject: str = "one") -> Any:
        facts = {"name": subject, "n": 12}
        found = signals.Found("topic", touchpoint, f"{subject} {touchpoint}", time().date(), facts)
        row = signals.raise_signal(session, company.workspace_id, found, time())
        assert row is not None
        session.commit()
        return row.signal_id

    return call


def test_req_056_a_signal_of_ones_own_is_told_at_once_and_once(
    at_once: Any, look: Work, fall: Any, mailbox: Any, time: Any
) -> None:
    fall(subject="long ago")
    time.move(seconds=1)
    at_once(signals="at_once")
    signal_id = fall(subject="cold <showers>")
    fall("order-confirmed")
    for _twice in range(3):
        look()
    (mail,) = mailbox.mails
    assert mail["To"] == "olga@example.com"
    assert "cold <showers>" in mail["Subject"]
    text, reader = parts(mail)
    for words in (text, reader.words):
        assert "cold <showers>" in words
        assert "long ago" not in words
        assert "Order confirmation" not in words
    assert f"https://ask.example.com/signals/{signal_id}" in text
    assert f"https://ask.example.com/signals/{signal_id}" in reader.links
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert max(len(line) for line in mail.as_bytes().split(b"\r\n")) <= 900


def test_what_comes_soon_after_comes_together_within_a_minute(
    at_once: Any, look: Work, fall: Any, mailbox: Any, time: Any
) -> None:
    at_once(signals="at_once")
    fall()
    look()
    for subject in ("two", "three"):
        time.move(seconds=20)
        fall(subject=subject)
        look()
    assert len(mailbox.mails) == 1
    time.move(seconds=20)
    look()
    (_first, second) = mailbox.mails
    assert second["Subject"] == "2 things are new for you at Example Telecom"


def test_an_insight_that_becomes_ones_own_is_told_and_what_one_files_oneself_is_not(
    at_once: Any, look: Work, note: Any, mailbox: Any, time: Any, client: Any, keys: Any, olga: Any
) -> None:
    at_once(insights="at_once")
    time.move(seconds=1)
    olga.post(
        "/insights", "/insights/new", title="My own thought", touchpoint="installed", owners="operations"
    )
    handed_over = note("Of Sales at first", "order-confirmed")
    look()
    assert mailbox.mails == []
    path = f"/api/v1/insights/{handed_over}"
    client.patch(path, json={"owners": ["sales", "operations"]}, headers=keys["admin"])
    look()
    client.patch(path, json={"title": "Of both by now"}, headers=keys["admin"])
    time.move(minutes=6)
    look()
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Of Sales at first (new)"


@pytest.mark.parametrize(
    "title", ["Ü" * 200, "wait " * 39, "One\nline\r\nafter another", "\u202eright to left"]
)
def test_whatever_a_title_is_the_mail_can_be_read(
    at_once: Any, look: Work, note: Any, mailbox: Any, time: Any, title: str
) -> None:
    at_once(insights="at_once")
    time.move(seconds=1)
    note(title)
    look()
    (mail,) = mailbox.mails
    assert max(len(line) for line in mail.as_bytes().split(b"\r\n")) <= 900
    assert len(mail["Subject"]) <= 150
    text, reader = parts(mail)
    for words in (text, reader.words):
        assert " ".join(title.split()) in " ".join(words.split())


def test_an_action_is_told_the_day_before_it_is_due_and_once_it_is_overdue(
    at_once: Any, look: Work, note: Any, mailbox: Any, time: Any, client: Any, keys: Any
) -> None:
    insight = note("Long waits")
    task = {"title": "Call first", "owner": "operations", "due": "2026-11-05", "remind": "2026-11-03"}
    client.post(f"/api/v1/insights/{insight}/actions", json=task, headers=keys["admin"])
    at_once(actions="at_once")
    subjects = []
    for _ in range(5 * 24):
        time.move(hours=1)
        look()
        subjects += [(f"{time():%d %H}", mail["Subject"]) for mail in mailbox.mails[len(subjects) :]]
    due, overdue = "Call first: due Nov 5, 2026", "Call first: overdue since Nov 5, 2026"
    assert subjects == [("03 07", due), ("04 07", due), ("06 07", overdue)]


def test_the_digest_leaves_out_what_is_told_at_once_or_not_at_all(
    olga: Any, look: Work, work: Any, note: Any, fall: Any, mailbox: Any, time: Any
) -> None:
    olga.post("/me/digest", "/me/digest", every="daily", signals="at_once", insights="none")
    time.move(seconds=1)
    fall()
    note("Not to be told")
    look()
    time.move(days=1)
    work()
    assert [mail["Subject"] for mail in mailbox.mails if "What is new" in mail["Subject"]] == []
    assert len(mailbox.mails) == 1


def test_one_click_ends_what_is_told_at_once(
    at_once: Any, look: Work, fall: Any, mailbox: Any, app: Any, time: Any, olga: Any
) -> None:
    at_once(signals="at_once", actions="none")
    fall()
    look()
    link = mailbox.mails[0]["List-Unsubscribe"].strip(" <>").removeprefix("https://ask.example.com")
    anyone = app.test_client()
    assert "Nothing at once any more" in anyone.get(link).text
    for _twice in range(2):
        assert anyone.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert '<option value="at_once" selected>' not in olga.get("/me/digest").text
    time.move(minutes=6)
    fall(subject="later")
    look()
    assert len(mailbox.mails) == 1


def test_two_workers_tell_it_once(
    at_once: Any, fall: Any, mailbox: Any, time: Any, engine: Any, config: Any
) -> None:
    at_once(signals="at_once")
    fall()
    starting = threading.Barrier(3)

    def run() -> None:
        with db.make_sessions(engine)() as own:
            starting.wait(30)
            digests.noticing.notice(own, time())
            own.commit()
            digests.instant.send_due(own, time(), config)

    workers = [threading.Thread(target=run) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(mailbox.mails) == 1


def test_a_worker_that_died_before_it_sent_leaves_the_same_mail_to_the_next(
    at_once: Any, look: Work, fall: Any, mailbox: Any, time: Any, session: Session
) -> None:
    at_once(signals="at_once")
    fall()
    digests.noticing.notice(session, time())
    claimed = digests.instant.claim(session, time())
    session.commit()
    assert claimed is not None
    fall(subject="meanwhile")
    assert look() == 0
    time.move(minutes=16)
    assert look() == 2
    first, second = mailbox.mails
    assert first["Message-ID"].strip() == f"<news.{claimed.claim}@example.com>"
    assert "meanwhile" in second["Subject"]
    assert session.scalars(select(InstantNews.told_at)).all().count(None) == 0


def test_a_mail_server_that_is_busy_is_asked_again_and_what_is_over_is_not_told(
    at_once: Any, look: Work, fall: Any, mailbox: Any, time: Any, session: Session, company: Any
) -> None:
    at_once(signals="at_once")
    fall()
    gone = fall(subject="read meanwhile")
    mailbox.answers = ["451 later"]
    assert look() == 1
    signals.know(session, signals.reading.get(session, company.workspace_id, gone), "olga", time())
    session.commit()
    time.move(minutes=2)
    look()
    (mail,) = mailbox.mails
    assert "read meanwhile" not in parts(mail)[0]


def test_the_same_by_calls_and_in_german(
    olga: Any, at_once: Any, look: Work, fall: Any, mailbox: Any, time: Any
) -> None:
    at_once(signals="at_once")
    olga.post("/me", "/me", name="Olga", language="de")
    time.move(seconds=1)
    for subject in ("one", "two"):
        fall(subject=subject)
    look()
    assert mailbox.mails[0]["Subject"] == "2 Dinge sind neu für Sie bei Example Telecom"
    wishes = olga.get("/api/v1/me/digest").json
    assert wishes == {
        "every": "never", "next": None, "signals": "at_once", "insights": "digest", "actions": "digest",
    }  # fmt: skip
