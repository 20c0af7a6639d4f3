"""The fixed address behind a printed code: a fresh form for each visit, volunteered answers, plain words where it ends."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import text

from collector.deliveries import qr


@pytest.fixture
def key(keys: dict[str, Any]) -> str:
    return str(keys["publishable"]["Authorization"].removeprefix("Bearer "))


def test_each_visit_gets_a_form_of_its_own(client: Any, company: Any, key: str) -> None:
    first, second = (client.get(f"/f/{key}/order-confirmed") for _ in range(2))
    assert (first.status_code, first.headers["Cache-Control"]) == (303, "no-store")
    assert first.headers["Location"].startswith("/s/")
    assert first.headers["Location"] != second.headers["Location"]


def test_its_answer_is_volunteered(client: Any, company: Any, key: str, answer: Any, session: Any) -> None:
    token = client.get(f"/f/{key}/order-confirmed").headers["Location"].removeprefix("/s/")
    assert answer(token, score=3).status_code == 201
    assert session.execute(text("select source from response")).scalar() == "volunteered"


def test_the_language_is_handed_on(client: Any, company: Any, key: str) -> None:
    assert client.get(f"/f/{key}/order-confirmed?lang=ar").headers["Location"].endswith("?lang=ar")
    assert "?" not in client.get(f"/f/{key}/order-confirmed?lang=%22%3E").headers["Location"]


@pytest.mark.parametrize("wrong", ["aw_pk_aaaaaaaaaa_" + "x" * 43, "nonsense"])
def test_an_unknown_key_says_so_in_plain_words(client: Any, company: Any, wrong: str) -> None:
    page = client.get(f"/f/{wrong}/order-confirmed", headers={"Accept-Language": "de"})
    assert (page.status_code, "Dieser Link funktioniert nicht." in page.text) == (401, True)


def test_a_server_key_in_print_is_of_no_use(client: Any, company: Any, keys: Any) -> None:
    secret = keys["server"]["Authorization"].removeprefix("Bearer ")
    assert client.get(f"/f/{secret}/order-confirmed").status_code == 403


def test_a_touchpoint_without_a_survey_says_that_it_is_over(client: Any, company: Any, key: str) -> None:
    page = client.get(f"/f/{key}/unasked")
    assert (page.status_code, "This survey is over." in page.text) == (200, True)


def test_the_code_holds_the_address_and_its_quiet_zone() -> None:
    address = qr.form_address("https://ask.example.com", "aw_pk_x", "order-confirmed", "de")
    assert address == "https://ask.example.com/f/aw_pk_x/order-confirmed?lang=de"
    svg = qr.svg(address, 'a "title" & more')
    assert re.search(r'viewBox="0 0 \d+ \d+"', svg)
    assert 'style="' not in svg
    assert "&amp; more" in svg
