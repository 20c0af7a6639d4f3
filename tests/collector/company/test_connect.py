"""The page that connects a business system: its checklist, its keys, snippets that run, what arrived."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import afterword
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from collector import clock, responses, workspaces
from collector.company import checklist
from collector.company.connect_snippets import NO_KEY, Filled, snippets

KEY = "aw_sk_test_abcdefgh23_" + "A" * 64
FILLED = Filled("http://127.0.0.1:9", "order-confirmed", "first-order", "de", KEY)


@pytest.fixture
def browse(client: FlaskClient, session: Session, company: Any, time: clock.FixedClock) -> Callable[..., Any]:
    """``browse("editor")`` signs somebody of that role in; what comes is their browser without JavaScript."""

    def call(role: str = "administrator") -> FlaskClient:
        email = f"{role}@example.com"
        workspaces.add_person(session, company.workspace_id, email, "Ann", "a long password", time(), role)
        session.commit()
        found = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
        assert found
        form = {"csrf": found[1], "email": email, "password": "a long password"}
        assert client.post("/sign-in", data=form).status_code == 303
        return client

    return call


def make(browser: FlaskClient, kind: str) -> Any:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get("/connect").text)
    assert found
    return browser.post("/connect", data={"csrf": found[1], "kind": kind})


def test_the_key_is_shown_once_and_stands_in_every_snippet(browse: Any) -> None:
    browser = browse()
    assert NO_KEY in browser.get("/connect").text
    page = make(browser, "test").text
    [key] = re.findall(r'value="(aw_sk_test_[^"]+)"', page)
    assert page.count(key) == 6  # the field, curl, and four environments
    assert key not in browser.get("/connect").text
    assert make(browser, "admin").status_code == 422


def test_an_editor_sees_the_snippets_and_makes_no_key(browse: Any) -> None:
    browser = browse("editor")
    assert NO_KEY in browser.get("/connect").text
    assert 'id="make"' not in browser.get("/connect").text
    assert make_as(browser) == 403


def make_as(browser: FlaskClient) -> int:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get("/connect").text)
    assert found
    return browser.post("/connect", data={"csrf": found[1], "kind": "test"}).status_code


def test_what_arrived_is_told_tests_and_real_ones(browse: Any, trigger: Any) -> None:
    browser = browse()
    assert "Waiting for your first trigger" in browser.get("/connect").text
    trigger(transaction="order-1")
    [key] = re.findall(r'value="(aw_sk_test_[^"]+)"', make(browser, "test").text)
    item = {"touchpoint": "nowhere", "transaction": "order-2"}
    sent = browser.post(
        "/api/v1/triggers", json={"triggers": [item]}, headers={"Authorization": f"Bearer {key}"}
    )
    assert sent.status_code == 200
    page = html.unescape(browser.get("/connect").text)
    arrived = page[page.index('data-part="arrived"') :]
    assert "The touchpoint is not known here" in arrived
    assert "Asked, not answered yet" in arrived
    assert "/s/" not in arrived  # links of real customers leave once, with the answer to their trigger


def test_every_snippet_is_whole_code() -> None:
    found = {each.key: each for each in snippets(FILLED)}
    assert list(found) == ["curl", "flask", "django", "fastapi", "celery"]
    for each in found.values():
        if each.key != "curl":
            compile(each.text, each.key, "exec")
            assert KEY in each.environment
        assert "order-confirmed" in each.text
        assert "$journey" not in each.text


def test_the_flask_snippet_has_a_page_a_button_and_a_new_customer_each_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)  # where its outbox is kept
    monkeypatch.setenv("AFTERWORD_URL", FILLED.url)
    monkeypatch.setenv("AFTERWORD_API_KEY", KEY)
    shop: dict[str, Any] = {"__name__": "shop"}
    exec(compile(snippets(FILLED)[1].text, "shop.py", "exec"), shop)
    client = shop["app"].extensions["afterword"]
    try:
        assert isinstance(client, afterword.Client)
        browser = shop["app"].test_client()
        assert "<button>Order</button>" in browser.get("/").text
        first, second = (browser.post("/orders").text for _ in range(2))
        tokens = [re.search(r'token="([^"]+)"', page) for page in (first, second)]
        assert all(tokens)
        assert first != second
        assert "<afterword-survey" in first
    finally:
        client.close(0)


def test_only_a_real_answer_ends_the_list(
    browse: Any, trigger: Any, answer: Any, session: Session, company: Any, time: clock.FixedClock
) -> None:
    """Neither a test order's answer nor one that another system collected is the first answer."""
    browser = browse()
    [key] = re.findall(r'value="(aw_sk_test_[^"]+)"', make(browser, "test").text)
    item = {"touchpoint": "order-confirmed", "journey": "first-order", "transaction": "order-2"}
    sent = browser.post(
        "/api/v1/triggers", json={"triggers": [item]}, headers={"Authorization": f"Bearer {key}"}
    ).get_json()
    assert answer(sent["decisions"][0]["invitation"]["token"]).status_code == 201
    workspace_id = company.workspace_id
    token = trigger(transaction="order-1")["invitation"]["token"]
    assert not last_step(session, workspace_id)
    assert answer(token).status_code == 201
    assert last_step(session, workspace_id)
    session.execute(update(responses.Response).values(source="imported"))
    session.commit()
    assert not last_step(session, workspace_id)
    assert 'id="tried"' in browser.get("/connect").text


def last_step(session: Session, workspace_id: Any) -> bool:
    session.rollback()  # to see what was stored meanwhile, and to hold up nobody
    done = checklist.steps(session, workspace_id)[-1].done
    session.rollback()
    return done
