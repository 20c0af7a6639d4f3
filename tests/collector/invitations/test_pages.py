"""What people see in the browser: why somebody was (not) asked; the policy, tried before it is saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, workspaces


@pytest.fixture
def signed_in(session: Session, company: Any, client: FlaskClient, time: clock.FixedClock) -> FlaskClient:
    workspaces.add_person(
        session,
        company.workspace_id,
        "ada@example.org",
        "Ada",
        "correct horse battery",
        time(),
        role="administrator",
    )
    session.commit()
    form = csrf(client.get("/sign-in").text)
    told = client.post(
        "/sign-in", data={"email": "ada@example.org", "password": "correct horse battery", "csrf": form}
    )
    assert told.status_code == 303, told.text
    return client


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def test_it_says_why_somebody_was_not_asked(signed_in: FlaskClient, trigger: Callable[..., Any]) -> None:
    trigger(customer="c-1", transaction="order-1")
    trigger(customer="c-1", transaction="order-2", journey_instance="later")
    page = signed_in.get("/why", query_string={"customer": "c-1"}).text
    assert "Asked too recently" in page
    assert "all surveys wait 30 days" in page
    assert page.count("<tr>") == 3
    assert "order-2" in signed_in.get("/why", query_string={"transaction": "order-2"}).text


def test_an_unknown_customer_is_said_to_be_unknown(signed_in: FlaskClient) -> None:
    assert "No trigger is known" in signed_in.get("/why", query_string={"customer": "<b>"}).text


def test_strangers_are_led_to_the_door(client: FlaskClient, company: Any) -> None:
    for address in ("/why", "/policy"):
        assert client.get(address).status_code == 302


def test_a_policy_is_tried_then_saved(signed_in: FlaskClient, trigger: Any) -> None:
    for number in range(3):
        trigger(customer="c-1", transaction=f"order-{number}", journey_instance=f"w-{number}")
    document = "all_surveys: {after_ignore: 0}\nthis_survey: {after_ignore: 0}\nquiet_hours: {from: 20:00, to: 07:00}\n"
    form = {"csrf": csrf(signed_in.get("/policy").text), "document": document, "do": "try"}
    tried = signed_in.post("/policy", data=form)
    assert "3 of 3 triggers would be asked" in tried.text
    assert trigger(customer="c-1", transaction="order-8", journey_instance="w-8")["reason"] == "quarantine"
    assert signed_in.post("/policy", data={**form, "do": "save"}).status_code == 303
    assert trigger(customer="c-1", transaction="order-9", journey_instance="w-9")["reason"] == "invited"


def test_a_mistake_is_named_with_its_line(signed_in: FlaskClient) -> None:
    form = {
        "csrf": csrf(signed_in.get("/policy").text),
        "document": "sample: 0.5\nbudgett: 3\n",
        "do": "save",
    }
    refused = signed_in.post("/policy", data=form)
    assert refused.status_code == 422
    assert "policy:2:1: budgett: Unknown field." in refused.text
    assert "budgett: 3" in refused.text
