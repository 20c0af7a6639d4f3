"""Why nothing is shown: told to the developer's own machine, and to no other page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, signing, workspaces

LOCAL = "http://localhost:5000"


def why(client: FlaskClient, query: dict[str, str], origin: str = LOCAL) -> tuple[int, str | None]:
    answer = client.get("/w/v1/survey", query_string=query, headers={"Origin": origin})
    return answer.status_code, answer.headers.get("Afterword-Why")


def test_the_decision_behind_a_link_is_told(
    client: FlaskClient, session: Session, company: Any, trigger: Any, time: clock.FixedClock
) -> None:
    """As in a developer's first run: the same customer orders twice, the second link is made by the SDK."""
    trigger(customer="c-1", transaction="order-1")
    made = workspaces.mint_key(session, company, "server", "shop", time())
    session.commit()
    own_id = clock.new_id()
    facts = signing.Invitation(
        own_id, own_id, "order-confirmed", time() + timedelta(days=1),
        customer=workspaces.pseudonym_of(company, "c-1"), transaction="order-2",
    )  # fmt: skip
    token = signing.sign_invitation(made.kid, signing.signing_secret(made.text), facts, time())
    status, told = why(client, {"token": token})
    assert status == 204
    assert told is not None
    assert told.startswith("same_journey_instance: at most 1 asked")


def test_a_link_that_is_over_says_so(client: FlaskClient, trigger: Any, answer: Any) -> None:
    token = trigger(transaction="order-1")["invitation"]["token"]
    answer(token, score=9, complete=True)
    status, told = why(client, {"token": token})
    assert status == 410
    assert told is not None
    assert told.startswith("invitation_answered: ")


def test_a_touchpoint_without_a_form_says_so(client: FlaskClient, keys: Any, company: Any) -> None:
    key = keys["publishable"]["Authorization"].split()[1]
    status, told = why(client, {"key": key, "touchpoint": "nowhere"})
    assert status == 204
    assert told == "no survey is published at this touchpoint, or its form is switched off"


@pytest.mark.parametrize(
    "origin", ["https://shop.example", "http://localhost.example", "", "null", "http://[bad"]
)
def test_other_pages_are_told_nothing(client: FlaskClient, keys: Any, company: Any, origin: str) -> None:
    key = keys["publishable"]["Authorization"].split()[1]
    assert why(client, {"key": key, "touchpoint": "nowhere"}, origin) == (204, None)


def test_what_is_shown_has_no_reason(client: FlaskClient, trigger: Any) -> None:
    token = trigger(transaction="order-1")["invitation"]["token"]
    assert why(client, {"token": token}) == (200, None)
