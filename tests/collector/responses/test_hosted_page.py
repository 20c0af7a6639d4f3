"""The hosted page: asks without JavaScript, records on POST only, and ends kindly in the customer's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.responses import Response, page_words

Trigger = Callable[..., dict[str, Any]]


@pytest.fixture
def address(trigger: Trigger) -> str:
    return "/s/" + str(trigger(transaction="order-1", locale="de")["invitation"]["token"])


def _fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def test_the_plain_form_stores_an_answer(client: FlaskClient, address: str, session: Session) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert 'lang="de"' in page.text
    fields = {**_fields(page.text), "answers.score": "9", "answers.comment": "Gut!"}
    sent = client.post(address, data=fields)
    assert (sent.status_code, sent.location) == (303, f"{address}?thanks")
    row = session.scalars(select(Response)).one()
    assert (row.score, row.comment, row.complete, row.locale) == (9, "Gut!", True, "de")
    session.rollback()  # SQLite: a reading session here holds the write lock
    assert "Vielen Dank" in client.get(f"{address}?thanks").text


def test_a_preset_score_records_nothing(client: FlaskClient, address: str, session: Session) -> None:
    assert client.get(f"{address}?score=9").status_code == 200
    assert client.head(f"{address}?score=9").status_code == 200
    assert session.scalars(select(Response)).all() == []


def test_a_form_without_a_score_asks_again_and_says_so(
    client: FlaskClient, address: str, session: Session
) -> None:
    again = client.post(address, data={**_fields(client.get(address).text), "answers.comment": "only"})
    assert again.status_code == 422
    assert page_words.words("de")["try_again"] in again.text
    assert session.scalars(select(Response)).all() == []


@pytest.mark.parametrize(
    "fields", [{}, {"response_id": "x", "answers.score": "9"}, {"answers.score": "9" * 400}]
)
def test_a_form_that_was_tampered_with_is_no_500(
    client: FlaskClient, address: str, fields: dict[str, str]
) -> None:
    assert client.post(address, data=fields).status_code == 422


def test_a_second_visit_says_that_it_was_answered(client: FlaskClient, address: str) -> None:
    client.post(address, data={**_fields(client.get(address).text), "answers.score": "9"})
    assert page_words.words("de")["answered"] in client.get(address).text


def test_an_expired_link_ends_kindly_in_the_language_it_was_sent_in(
    client: FlaskClient, address: str, time: clock.FixedClock
) -> None:
    time.move(days=60)
    page = client.get(address, headers={"Accept-Language": "fr"})
    assert page.status_code == 410
    assert 'lang="de"' in page.text
    assert page_words.words("de")["expired"] in page.text
    assert '<p class="company">' in page.text


def test_an_expired_link_without_a_language_speaks_the_reader_s(
    client: FlaskClient, trigger: Trigger, time: clock.FixedClock
) -> None:
    token = trigger(transaction="order-2")["invitation"]["token"]
    time.move(days=60)
    page = client.get(f"/s/{token}", headers={"Accept-Language": "es"})
    assert page_words.words("es")["expired"] in page.text


def test_an_unknown_link_ends_kindly(client: FlaskClient, company: Any) -> None:
    page = client.get("/s/nonsense", headers={"Accept-Language": "ar"})
    assert page.status_code == 401
    assert 'dir="rtl"' in page.text
    assert page_words.words("ar")["unknown"] in page.text


def test_every_language_says_everything() -> None:
    words = page_words.all_words()
    assert set(words) == {"en", "de", "fr", "es", "ar"}
    assert len({frozenset(said) for said in words.values()}) == 1


def test_the_page_is_neither_cached_nor_indexed(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_page_shows_the_companys_logo_and_colour(
    client: FlaskClient, address: str, keys: dict[str, Any]
) -> None:
    said = {"logo_url": "https://img.example.com/a/logo.svg", "colour": "#0A5570"}
    assert client.patch("/api/v1/workspace", json=said, headers=keys["admin"]).status_code == 200
    page = client.get(address)
    assert '<img src="https://img.example.com/a/logo.svg" alt="Example Telecom"' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://img.example.com;" in policy
    styled = re.search(r'<style nonce="([^"]+)">(.+?)</style>', page.text, re.S)
    assert styled
    assert f"style-src 'self' 'nonce-{styled[1]}'" in policy
    assert "--afterword-accent: #0a5570; --afterword-on-accent: #ffffff" in styled[2]
    assert "(prefers-color-scheme: dark)" in styled[2]


def test_without_a_colour_the_page_has_no_style_of_its_own(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    assert "<style" not in page.text
    assert "img-src 'self' data:;" in page.headers["Content-Security-Policy"]
