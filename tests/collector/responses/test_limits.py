"""Who calls too often waits, for a moment and with a reason; nobody else does, and no answer is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from collector import clock
from collector.workspaces.limits import CALLS, FORMS
from collector.workspaces.rates import Rate

FLOOD = {"REMOTE_ADDR": "8.8.8.8"}
OTHER = {"REMOTE_ADDR": "9.9.9.9"}
PAGE = {"Accept": "text/html"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: no limit knows it."""
    return sqlite_url


@pytest.fixture
def use_up(app: Flask, time: clock.FixedClock) -> Callable[..., None]:
    """``use_up(CALLS, "8.8.8.8")``: what an address may call, but for the last one."""

    def call(rate: Rate, address: str) -> None:
        for _ in range(rate.burst - 1):
            assert app.extensions["afterword_rates"].take(rate, address, time()) == 0

    return call


@pytest.fixture
def flooded(client: FlaskClient, company: Any, use_up: Callable[..., None]) -> None:
    """One address has used up what it may call."""
    use_up(CALLS, FLOOD["REMOTE_ADDR"])
    assert client.get("/w/v1/survey", environ_base=FLOOD).status_code == 422


@pytest.fixture
def publishable(keys: Any) -> str:
    return str(keys["publishable"]["Authorization"].removeprefix("Bearer "))


def test_a_flood_is_told_to_wait(client: FlaskClient, flooded: None) -> None:
    refused = client.get("/w/v1/survey", environ_base=FLOOD)
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    page = client.get("/s/a.b.c.d", environ_base=FLOOD, headers=PAGE)
    assert (page.status_code, page.mimetype, page.headers["Retry-After"]) == (429, "text/html", "1")


def test_the_answer_that_had_to_wait_is_taken(
    client: FlaskClient, trigger: Any, flooded: None, time: clock.FixedClock
) -> None:
    token = trigger(transaction="order-1")["invitation"]["token"]
    body = {"token": token, "response_id": "0192f3c4-0000-7000-8000-000000000001", "answers": {"score": 9}}
    refused = client.post("/w/v1/responses", json=body, environ_base=FLOOD)
    assert refused.status_code == 429
    time.move(seconds=int(refused.headers["Retry-After"]))
    assert client.post("/w/v1/responses", json=body, environ_base=FLOOD).status_code == 201


def test_others_and_our_own_network_do_not_wait(client: FlaskClient, flooded: None) -> None:
    assert client.get("/w/v1/survey", environ_base=OTHER).status_code == 422
    own = {"REMOTE_ADDR": "10.0.0.7"}
    assert all(
        client.get("/w/v1/survey", environ_base=own).status_code == 422 for _ in range(CALLS.burst + 1)
    )


def test_the_way_out_is_never_closed(client: FlaskClient, flooded: None) -> None:
    assert client.get("/u/a.b.c.d", environ_base=FLOOD, headers=PAGE).status_code == 401
    assert client.get("/m/abcdefghijkl/stop", environ_base=FLOOD, headers=PAGE).status_code == 404
    assert client.get("/m/abcdefghijkl", environ_base=FLOOD, headers=PAGE).status_code == 429


@pytest.mark.parametrize("by_print", [False, True], ids=["page", "printed"])
def test_forms_that_nobody_asked_for_are_fewer(
    client: FlaskClient, company: Any, publishable: str, use_up: Callable[..., None], by_print: bool
) -> None:
    query = {"key": publishable, "touchpoint": "order-confirmed"}
    address = f"/f/{publishable}/order-confirmed" if by_print else "/w/v1/survey"
    asked = {} if by_print else {"query_string": query}
    use_up(FORMS, FLOOD["REMOTE_ADDR"])
    assert client.get(address, environ_base=FLOOD, **asked).status_code < 400
    refused = client.get(address, environ_base=FLOOD, **asked)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert client.get(address, environ_base=OTHER, **asked).status_code < 400


def test_counting_touches_no_database(client: FlaskClient, session: Session, flooded: None) -> None:
    said: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: said.append(given[2]))
    assert client.get("/w/v1/survey", environ_base=FLOOD).status_code == 429
    assert said == []


def test_the_reference_names_the_figures() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/limits.md").read_text("utf-8")
    for rate in (CALLS, FORMS):
        assert re.search(rf"{rate.burst:,} at once, then {rate.per_second:g} a second", page), rate
