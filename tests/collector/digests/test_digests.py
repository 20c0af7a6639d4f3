"""A colleague is told once a period what is new for their scope, and nothing where nothing is."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import digests, signals, workspaces
from collector.changes import Change
from collector.digests import rules
from collector.digests.models import Digest
from collector.kpis import rollups


class Reader(HTMLParser):
    """What somebody reads of an HTML mail: its words, its links, and whether each element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.links, self.open = "", [], []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.links += [value for name, value in attrs if name == "href"]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def parts(mail: Any) -> tuple[str, Reader]:
    reader = Reader()
    reader.feed(mail.get_body(("html",)).get_content())
    assert reader.open == []
    return mail.get_body(("plain",)).get_content(), reader


def test_req_056_what_is_new_is_told_in_text_and_html(
    wish: Any, note: Any, work: Any, mailbox: Any, time: Any, client: Any, keys: Any
) -> None:
    assert wish("daily").status_code == 303
    insight = note("Waits of <three> hours & more")
    task = {"title": "Call first", "owner": "operations", "due": "2026-11-05"}
    client.post(f"/api/v1/insights/{insight}/actions", json=task, headers=keys["admin"])
    assert work() == 0
    time.move(hours=22)
    assert (work(), work()) == (1, 0)
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("olga@example.com", "What is new for you at Example Telecom")
    text, reader = parts(mail)
    for words in (text, reader.words):
        assert "Waits of <three> hours & more (new)" in words
        assert "Call first: due Nov 5, 2026" in words
    assert f"https://ask.example.com/insights/{insight}" in text
    assert f"https://ask.example.com/insights/{insight}" in reader.links
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert max(len(line) for line in mail.as_bytes().split(b"\r\n")) <= 900


def test_where_nothing_is_new_none_is_sent(wish: Any, note: Any, work: Any, mailbox: Any, time: Any) -> None:
    note("Known before")
    time.move(seconds=1)
    wish("daily")
    for _ in range(3):
        time.move(days=1)
        assert work() == 1
    assert mailbox.mails == []
    note("Now something")
    time.move(days=1)
    work()
    time.move(days=1)
    work()
    (mail,) = mailbox.mails
    assert "Now something" in parts(mail)[0]
    assert "Known before" not in parts(mail)[0]


def test_a_signal_in_scope_is_told(
    wish: Any, work: Any, mailbox: Any, time: Any, session: Session, company: Any
) -> None:
    wish("daily")
    for touchpoint in ("installed", "order-confirmed"):
        found = signals.Found(
            "unhappy", touchpoint, f"unhappy at {touchpoint}", time().date(), {"score": 1}, metric="csat"
        )
        assert signals.raise_signal(session, company.workspace_id, found, time()) is not None
    session.commit()
    time.move(days=1)
    work()
    (mail,) = mailbox.mails
    text, reader = parts(mail)
    assert text.startswith("New signals")
    assert "Technician" in reader.words
    assert "Order confirmation" not in text


def test_what_is_others_is_not_told(wish: Any, note: Any, work: Any, mailbox: Any, time: Any) -> None:
    wish("daily")
    note("Of Sales alone", "order-confirmed")
    time.move(days=1)
    work()
    assert mailbox.mails == []


def test_unhappy_comments_are_counted_and_a_new_difference_is_told_once(
    wish: Any, work: Any, mailbox: Any, time: Any, client: Any, keys: Any, session: Session
) -> None:
    wish("daily")
    for day, score in (("2026-06-15", 5), ("2026-10-15", 1)):
        said = {
            "touchpoint": "installed",
            "occurred_at": f"{day}T10:00:00Z",
            "respondent": "customer",
            "answers": {"score": score},
        }
        sent = client.post("/api/v1/responses", json={"responses": [said] * 60}, headers=keys["server"])
        assert sent.status_code in {200, 201}, sent.text
    said = {
        "touchpoint": "installed",
        "occurred_at": "2026-11-02T11:00:00Z",
        "respondent": "customer",
        "answers": {"score": 1, "comment": "My secret words"},
    }
    time.move(hours=2)
    client.post("/api/v1/responses", json={"responses": [said] * 3}, headers=keys["server"])
    while rollups.count(session, time()):
        session.commit()
    session.rollback()
    for _ in range(2):
        time.move(days=1)
        work()
    (mail,) = mailbox.mails
    text, _reader = parts(mail)
    assert "Technician's visit: 3 comments" in text
    assert "My secret words" not in text
    assert re.search(
        r"visit: −\d+\.\d .* \(95% interval −.*, n \d+ and \d+\) against the 90 days before", text
    )


def test_it_is_ended_by_one_click_and_not_by_a_look(
    wish: Any, note: Any, work: Any, mailbox: Any, time: Any, app: Any, session: Session
) -> None:
    wish("weekly")
    note("Long waits")
    time.move(days=7)
    work()
    (mail,) = mailbox.mails
    link = mail["List-Unsubscribe"].strip(" <>").removeprefix("https://ask.example.com")
    anyone = app.test_client()
    assert "No more digests" in anyone.get(link).text
    assert session.scalars(select(Digest.every)).all() == ["weekly"]
    session.rollback()
    for _ in range(2):
        done = anyone.post(link, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
    assert session.scalars(select(Digest)).all() == []
    changed = session.scalars(
        select(Change.after).where(Change.noun == "digest").order_by(Change.number)
    ).all()
    assert changed == [{"every": "weekly"}, {"every": "never"}]


def test_it_comes_from_the_companys_own_sender(
    wish: Any, note: Any, work: Any, mailbox: Any, time: Any, session: Session, company: Any
) -> None:
    wish("daily")
    note("Long waits")
    own = {"mail_from": "Example Fibre <hello@fibre.example>"}
    workspaces.company.change(session, company.workspace_id, own, "ada", time())
    session.commit()
    time.move(days=1)
    work()
    (mail,) = mailbox.mails
    assert mail["From"] == "Example Fibre <hello@fibre.example>"
    assert mail["Message-ID"].strip().endswith("@fibre.example>")


def test_where_nobody_is_named_as_sender_none_is_sent_and_the_next_day_is_tried(
    wish: Any, note: Any, mailbox: Any, time: Any, session: Session, config: Any
) -> None:
    wish("daily")
    note("Long waits")
    nobody = dataclasses.replace(config, mail_from="")
    for _day in range(2):
        time.move(days=1)
        session.rollback()
        assert digests.send_due(session, time(), nobody) == 1
        assert digests.send_due(session, time(), nobody) == 0
    assert mailbox.mails == []


def test_it_speaks_german_and_says_so_where_no_mail_leaves(
    wish: Any, note: Any, olga: Any, work: Any, mailbox: Any, time: Any, app: Any, monkeypatch: Any
) -> None:
    wish("daily")
    olga.post("/me", "/me", name="Olga", language="de")
    note("Lange Wartezeiten")
    assert "03.11.2026" in olga.get("/me/digest").text
    time.move(days=1)
    work()
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Was für Sie neu ist bei Example Telecom"
    assert "Lange Wartezeiten (neu)" in parts(mail)[0]
    silent = dataclasses.replace(app.extensions["afterword_config"], smtp_url="")
    monkeypatch.setitem(app.extensions, "afterword_config", silent)
    assert "noch keinen Mailserver" in olga.get("/me/digest").text
    assert olga.post("/me/digest", "/me/digest", every="hourly").status_code == 422


@pytest.mark.parametrize(
    ("every", "now", "due"),
    [
        ("daily", "2026-11-02T05:59:00", "2026-11-02T06:00:00"),
        ("daily", "2026-11-02T06:00:00", "2026-11-03T06:00:00"),
        ("weekly", "2026-11-02T06:00:00", "2026-11-09T06:00:00"),
        ("daily", "2026-10-24T12:00:00", "2026-10-25T06:00:00"),
        ("daily", "2026-10-23T12:00:00", "2026-10-24T05:00:00"),
    ],
)
def test_it_is_due_at_seven_on_the_companys_clock(every: str, now: str, due: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert rules.next_due(every, at, "Europe/Berlin") == datetime.fromisoformat(due).replace(tzinfo=UTC)
