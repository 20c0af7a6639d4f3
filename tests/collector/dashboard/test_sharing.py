"""Share links: they open one page, show no comment, expire, and can be withdrawn."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector import clock


def csrf(browser: FlaskClient, path: str) -> str:
    return browser.get(path).text.split('name="csrf" value="')[1].split('"')[0]


def make(browser: FlaskClient, place: str = "/journeys/first-order", **form: Any) -> str:
    """The path of a fresh link."""
    token = csrf(browser, f"{place}/share")
    page = browser.post(f"{place}/share", data={"csrf": token, "good_for": 7, "note": "The board", **form})
    assert page.status_code == 200
    found = re.search(r"/shared/[\w-]+", page.text)
    assert found is not None
    return found[0]


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """Someone without an account."""
    return app.test_client()


def test_req_056_a_link_opens_the_journey_without_an_account(
    manager: FlaskClient, stranger: FlaskClient
) -> None:
    page = stranger.get(make(manager))
    assert page.status_code == 200
    assert "handover from" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_req_056_a_shared_view_shows_no_comment_and_no_person(
    manager: FlaskClient, stranger: FlaskClient, seed: Any
) -> None:
    shared = stranger.get(make(manager)).text
    assert "Last comments" not in shared
    assert not any(text in shared for _, _, text, _ in seed.COMMENTS)
    assert "manager@example.com" not in shared


def test_req_056_a_link_expires(manager: FlaskClient, stranger: FlaskClient, time: clock.FixedClock) -> None:
    path = make(manager)
    time.move(days=7, seconds=-1)
    assert stranger.get(path).status_code == 200
    time.move(seconds=1)
    assert stranger.get(path).status_code == 410


def test_req_056_a_link_can_be_withdrawn(manager: FlaskClient, stranger: FlaskClient) -> None:
    path = make(manager)
    listed = manager.get("/journeys/first-order/share").text
    revoke = re.search(r"/journeys/first-order/share/[0-9a-f-]+/revoke", listed)
    assert revoke is not None
    token = csrf(manager, "/journeys/first-order/share")
    assert manager.post(revoke[0], data={"csrf": token}).status_code == 303
    assert stranger.get(path).status_code == 410
    assert "withdrawn" in manager.get("/journeys/first-order/share").text


def test_the_secret_is_shown_once_and_stored_nowhere(manager: FlaskClient) -> None:
    secret = make(manager).rsplit("/", 1)[1]
    assert secret not in manager.get("/journeys/first-order/share").text


def test_a_made_up_link_is_not_found(stranger: FlaskClient) -> None:
    assert stranger.get("/shared/" + "x" * 32).status_code == 404
    assert stranger.get("/shared/%00").status_code == 422


def test_a_link_to_nothing_is_not_made(manager: FlaskClient) -> None:
    token = csrf(manager, "/journeys/first-order/share")
    refused = manager.post("/journeys/nowhere/share", data={"csrf": token, "good_for": 7})
    assert refused.status_code == 404


@pytest.mark.parametrize("form", [{"good_for": 3650}, {"good_for": "x"}, {"days": 0}, {"note": "x" * 121}])
def test_a_link_that_lives_for_ever_is_refused(manager: FlaskClient, form: dict[str, Any]) -> None:
    token = csrf(manager, "/journeys/first-order/share")
    data = {"csrf": token, "good_for": 7, **form}
    assert manager.post("/journeys/first-order/share", data=data).status_code == 422


def test_a_shared_touchpoint_may_stand_in_any_page(manager: FlaskClient, stranger: FlaskClient) -> None:
    page = stranger.get(make(manager, "/touchpoints/installed"))
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "Technician" in page.text
    assert "X-Frame-Options" not in page.headers
