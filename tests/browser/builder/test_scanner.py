"""A mail scanner opens every link and leaves no answer; a person's click is exactly one."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from html import unescape
from typing import Any
from urllib.parse import urljoin

import pytest
import served
from playwright.sync_api import Page
from sqlalchemy import text

from collector import db

pytestmark = pytest.mark.browser
CONSENT = {"text_version": "3", "source": "order form", "given_at": "2026-10-01T09:00:00Z"}
PUBLIC = "http://127.0.0.1:8400"
"""Where links lead unless the operator says otherwise; here the port is another one each time."""


@pytest.fixture
def mail(call: Any, mailbox: Any) -> Any:
    """A fresh invitation, as it arrived in the customer's mailbox."""
    transaction, before = f"order-{time.monotonic_ns()}", len(mailbox.mails)
    item = {
        "touchpoint": "order-confirmed",
        "journey": "first-order",
        "customer": transaction,
        "transaction": transaction,
    }
    decided = call("POST", "/api/v1/triggers", {"triggers": [item]}, "server_key")
    assert decided["decisions"][0]["decision"] == "invite"
    wanted = {
        "transaction": transaction,
        "way": "email",
        "address": f"{transaction}@example.org",
        "consent": CONSENT,
    }
    call("POST", "/api/v1/deliveries", wanted, "server_key")
    deadline = time.monotonic() + 30
    while len(mailbox.mails) == before and time.monotonic() < deadline:
        time.sleep(0.1)
    return mailbox.mails[-1]


def links(mail: Any, collector: served.Collector) -> list[str]:
    html, plain = (mail.get_body((part,)).get_content() for part in ("html", "plain"))
    found = [unescape(link) for link in re.findall(r'href="([^"]+)"', html)] + re.findall(
        r"https?://\S+", plain
    )
    found.append(mail["List-Unsubscribe"].strip("<>"))
    return list(dict.fromkeys(link.replace(PUBLIC, collector.url) for link in found))


def fetch(link: str, method: str) -> str:
    """What a scanner reads; redirects are followed, no script is run."""
    request = urllib.request.Request(
        link, method=method, headers={"User-Agent": "Mozilla/5.0", "Accept": "text/html"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(answer.read().decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        with error:
            return ""


def stored(collector: served.Collector, query: str) -> list[Any]:
    engine = db.make_engine(collector.environment["AFTERWORD_DATABASE_URL"], 1)
    try:
        with engine.connect().execution_options(afterword_begin="BEGIN DEFERRED") as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def answers(collector: served.Collector) -> list[Any]:
    return stored(collector, "select score from response order by received_at")


def test_a_scanner_leaves_no_answer_and_no_objection(mail: Any, collector: served.Collector) -> None:
    found = links(mail, collector)
    assert len(found) == 12
    before = answers(collector)
    for link in found:
        fetch(link, "HEAD")
        page = fetch(link, "GET")
        for inner in re.findall(r'(?:href|src|action)="([^"]+)"', page):
            fetch(urljoin(link, unescape(inner)), "GET")
    assert answers(collector) == before
    assert stored(
        collector, "select state, count(*) from invitation where state <> 'answered' group by 1"
    ) == [("open", 1)]
    assert stored(collector, "select count(*) from unsubscribed_address") == [(0,)]
    assert stored(collector, "select count(*) from subject where opted_out_at is not null") == [(0,)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_person_s_click_is_one_answer(
    mail: Any, collector: served.Collector, browser: Any, scripts: bool
) -> None:
    before = len(answers(collector))
    link = next(link for link in links(mail, collector) if link.endswith("?score=9"))
    context = browser.new_context(java_script_enabled=scripts, locale="en")
    page = context.new_page()
    page.goto(link)
    assert len(answers(collector)) == before
    page.get_by_role("button", name=re.compile("Send")).first.click()
    deadline = time.monotonic() + 15
    while len(answers(collector)) == before and time.monotonic() < deadline:
        time.sleep(0.1)
    page.goto(link)
    page.wait_for_load_state("networkidle")
    context.close()
    assert answers(collector)[before:] == [(9,)]


def test_a_person_unsubscribes_with_one_button(
    mail: Any, collector: served.Collector, page: Page, violations: Any
) -> None:
    page.goto(mail["List-Unsubscribe"].strip("<>").replace(PUBLIC, collector.url))
    assert violations(page) == []
    page.get_by_role("button").click()
    page.get_by_role("heading", name=re.compile("will not ask you again")).wait_for()
    assert violations(page) == []
    assert stored(collector, "select count(*) from unsubscribed_address") == [(1,)]
