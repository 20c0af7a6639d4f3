"""An invitation is asked to be sent, and is sent once, with its address forgotten afterwards."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from collector import invitations, workspaces
from collector.deliveries import Delivery


def stored(session: Session) -> Delivery:
    session.rollback()
    session.expire_all()
    row = session.scalars(select(Delivery)).one()
    session.expunge(row)
    session.rollback()
    return row


def test_it_sends_the_mail(deliver: Any, work: Any, mailbox: Any, session: Session) -> None:
    answer = deliver()
    assert (answer.status_code, answer.json["state"]) == (201, "queued")
    assert work() == 1
    assert work() == 0
    (mail,) = mailbox.mails
    row = stored(session)
    assert (mail["To"], row.state, row.attempts) == ("ada@example.org", "sent", 1)
    assert mail["Message-ID"] == f"<{row.delivery_id}@example.com>"


def test_it_forgets_the_address_once_the_mail_has_left(deliver: Any, work: Any, session: Session) -> None:
    deliver()
    assert stored(session).address == "ada@example.org"
    work()
    row = session.execute(text("select * from delivery")).one()
    assert "ada@example.org" not in str(row)


def test_the_same_again_changes_nothing(deliver: Any, work: Any, mailbox: Any) -> None:
    first = deliver()
    again = deliver(transaction="order-1")
    assert (again.status_code, again.json["id"]) == (200, first.json["id"])
    work()
    assert deliver(transaction="order-1").json["state"] == "sent"
    work()
    assert len(mailbox.mails) == 1


def test_two_invitations_share_one_conversation(deliver: Any, work: Any, mailbox: Any) -> None:
    deliver()
    deliver(address="grace@example.org")
    assert work() == 2
    assert {mail["To"] for mail in mailbox.mails} == {"ada@example.org", "grace@example.org"}


def test_the_ledger_lists_it(deliver: Any, client: Any, keys: Any, work: Any) -> None:
    deliver()
    work()
    rows = client.get("/api/v1/deliveries?state=sent", headers=keys["read"]).json["deliveries"]
    assert [row["way"] for row in rows] == ["email"]
    assert client.get("/api/v1/deliveries?state=queued", headers=keys["read"]).json["deliveries"] == []


def test_a_link_of_the_mail_opens_the_survey(
    deliver: Any, work: Any, mailbox: Any, client: Any, path: Any
) -> None:
    deliver()
    work()
    html = mailbox.mails[0].get_body(("html",)).get_content()
    links = re.findall(r'href="([^"]+\?score=\d+)"', html)
    assert len(links) == 11
    token = path(links[9]).removeprefix("/s/").partition("?")[0]
    assert client.get(f"/w/v1/survey?token={token}").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"consent": None}, 403, "no_consent"),
        ({"address": "nobody"}, 422, "bad_address"),
        ({"address": "a@example.org\r\nBcc: b@example.org"}, 422, "bad_address"),
        ({"way": "sms", "address": "+493012345678"}, 409, "way_not_set_up"),
        ({"transaction": "never-heard-of"}, 404, "unknown_invitation"),
        ({"consent": {"text_version": "1", "source": "form"}}, 422, "invalid_input"),
        ({"way": "letter"}, 422, "invalid_input"),
    ],
)
def test_it_refuses(
    deliver: Any, wrong: dict[str, Any], status: int, code: str, mailbox: Any, work: Any
) -> None:
    answer = deliver(**wrong)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert work() == 0


def test_a_consent_on_record_is_enough(
    deliver: Any, trigger: Any, session: Session, company: Any, time: Any
) -> None:
    customer = workspaces.pseudonym_of(company, "c-77")
    record = {"given": True, "channel": "email", "at": time(), "text_version": "2", "source": "call"}
    invitations.record_consent(session, company.workspace_id, customer, record, time())
    session.commit()
    trigger(transaction="t-1", customer="c-77")
    assert deliver(transaction="t-1", consent=None).status_code == 201


def test_another_address_for_the_same_invitation_is_a_conflict(deliver: Any) -> None:
    deliver()
    answer = deliver(transaction="order-1", address="someone-else@example.org")
    assert (answer.status_code, answer.json["code"]) == (409, "delivery_exists")


def test_an_answered_invitation_is_not_sent_any_more(
    trigger: Any, deliver: Any, answer: Any, work: Any, mailbox: Any, session: Session
) -> None:
    token = trigger(transaction="t-9")["invitation"]["token"]
    deliver(transaction="t-9")
    answer(token, score=9)
    work()
    row = stored(session)
    assert (mailbox.mails, row.state, row.address) == ([], "dropped", None)
    assert deliver(transaction="t-9").json["state"] == "dropped"


def test_a_withdrawn_invitation_is_not_sent(
    deliver: Any, client: Any, keys: Any, work: Any, mailbox: Any, session: Session
) -> None:
    deliver()
    client.delete("/api/v1/triggers/order-1", headers=keys["server"])
    work()
    assert (mailbox.mails, stored(session).state) == ([], "dropped")


def test_quiet_hours_hold_a_mail_until_the_morning(
    deliver: Any, work: Any, mailbox: Any, time: Any, session: Session
) -> None:
    time.move(hours=11)  # 21:00, and the default quiet hours are 20:00 to 08:00
    deliver()
    assert work() == 0
    assert stored(session).run_after.hour == 8
    time.move(hours=11, minutes=1)
    assert work() == 1
    assert len(mailbox.mails) == 1


def test_a_read_key_may_not_send(client: Any, keys: Any, company: Any) -> None:
    body = {"transaction": "x", "way": "email", "address": "a@example.org"}
    assert client.post("/api/v1/deliveries", json=body, headers=keys["read"]).status_code == 403
