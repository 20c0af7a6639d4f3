"""One click is enough to be asked no more, by any way; looking at the page is not a click."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from collector import erasure


@pytest.fixture
def way_out(deliver: Any, work: Any, mailbox: Any, path: Any, trigger: Any) -> str:
    trigger(transaction="t-1", customer="c-7")
    deliver(transaction="t-1")
    work()
    return str(path(mailbox.mails[0]["List-Unsubscribe"].strip("<>")))


def test_a_mail_program_s_one_click_is_an_objection(way_out: str, client: Any, trigger: Any) -> None:
    answer = client.post(way_out, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    assert trigger(customer="c-7", touchpoint="installed")["reason"] == "opted_out"


def test_looking_at_the_page_changes_nothing(way_out: str, client: Any, session: Any) -> None:
    for call in (client.get, client.head, client.options):
        assert call(way_out).status_code == 200
    assert session.execute(text("select count(*) from unsubscribed_address")).scalar() == 0


def test_the_page_asks_in_the_reader_s_language(way_out: str, client: Any) -> None:
    page = client.get(way_out, headers={"Accept-Language": "de-AT"}).text
    assert "Soll Example Telecom Sie nicht mehr fragen" in page
    assert '<form method="post">' in page
    assert 'dir="rtl"' in client.get(f"{way_out}?lang=ar").text


def test_twice_is_as_good_as_once(way_out: str, client: Any) -> None:
    assert [client.post(way_out).status_code for _ in range(2)] == [200, 200]


def test_the_address_gets_nothing_more_whoever_the_customer_is(
    way_out: str, client: Any, deliver: Any
) -> None:
    client.post(way_out)
    answer = deliver(address="ADA@example.org")
    assert (answer.status_code, answer.json["code"]) == (403, "opted_out")


def test_a_mail_that_waits_is_dropped(
    way_out: str, client: Any, deliver: Any, work: Any, mailbox: Any
) -> None:
    assert deliver().status_code == 201
    client.post(way_out)
    work()
    assert len(mailbox.mails) == 1


def test_it_still_works_years_later_and_after_erasure(
    way_out: str, client: Any, time: Any, session: Any, company: Any
) -> None:
    session.rollback()
    customer = session.execute(text("select customer from invitation")).scalar()
    erasure.erase(session, company.workspace_id, customer, time())
    session.commit()
    time.move(days=2000)
    assert client.post(way_out).status_code == 200
    assert session.execute(text("select count(*) from unsubscribed_address")).scalar() == 1


@pytest.mark.parametrize("token", ["nonsense", "abcdefghij.eyJ3IjoiZW1haWwifQ.x.y", "a" * 300])
def test_a_forged_link_changes_nothing(client: Any, company: Any, token: str) -> None:
    for call in (client.get, client.post):
        answer = call(f"/u/{token}", headers={"Accept": "text/html"})
        assert (answer.status_code, "This link does not work." in answer.text) == (401, True)
