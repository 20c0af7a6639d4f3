"""Where a person lands: a department's own touchpoints first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from collector import errors


def test_a_manager_starts_at_the_board(manager: FlaskClient) -> None:
    assert manager.get("/").location == "/journeys"


def test_req_088_an_owner_sees_their_own_touchpoints_first_and_only_those(
    company: Any, signed_in: Callable[[str], FlaskClient]
) -> None:
    browser = signed_in("ops@example.com")
    assert browser.get("/").location == "/desk"
    page = browser.get("/owners/operations").text
    assert "My touchpoints" in page
    assert "Technician" in page
    assert 'href="/touchpoints/order-confirmed' not in page


def test_a_person_keeps_the_language_they_chose(manager: FlaskClient) -> None:
    token = manager.get("/journeys/first-order/share").text.split('name="csrf" value="')[1].split('"')[0]
    assert manager.post("/language", data={"csrf": token, "language": "de"}).status_code == 303
    assert '<html lang="de"' in manager.get("/journeys").text
    assert manager.post("/language", data={"csrf": token, "language": "xx"}).status_code == 422


def test_a_language_is_not_changed_from_another_site(manager: FlaskClient) -> None:
    refused = manager.post("/language", data={"language": "de"})
    assert refused.status_code == errors.NotAllowed.status
