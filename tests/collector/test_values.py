"""The gate for values: what no database can hold is named, and what a customer typed is mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import values
from collector.responses import Response

Headers = dict[str, dict[str, str]]


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_a_mended_text_can_be_stored_and_keeps_every_whole_character(text: str) -> None:
    kept = values.mended_text(text)
    assert values.text_fault(kept) is None
    assert kept.encode().decode() == kept
    whole = [c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff"]
    assert values.mended_text("".join(whole)) == "".join(whole)


def test_two_halves_that_belong_together_become_the_character() -> None:
    assert values.mended_text("\ud83d\ude00 \ud83d!\0") == "\U0001f600 \ufffd!"


@pytest.mark.parametrize(
    ("text", "number"),
    [("9", 9), ("-2", -2), (" 7 ", 7), ("--5", None), ("9" * 5000, None), ("²", None), ("1e3", None), ("", None)],
)  # fmt: skip
def test_a_whole_number_is_read_or_it_is_none(text: str, number: int | None) -> None:
    assert values.whole(text) == number


def test_the_calendar_has_ends() -> None:
    days = [date(1, 1, 1), date(1970, 1, 1), date(2200, 12, 31), date(9999, 12, 31)]
    assert [values.in_calendar(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"attributes": {"amount": 1e400}}', "attributes.amount"),
        (b'{"attributes": {"amount": 9007199254740993}}', "attributes.amount"),
        (b'{"attributes": {"amount": ' + b"9" * 5000 + b"}}", "attributes.amount"),
        (b'{"attributes": {"note": "a\\u0000b"}}', "attributes.note"),
        (b'{"attributes": {"note": "\\ud83d"}}', "attributes.note"),
        (b'{"customer": "c\\udc00"}', "customer"),
    ],
)
def test_what_a_server_sends_is_refused_by_name(
    client: FlaskClient, company: Any, keys: Headers, body: bytes, field: str
) -> None:
    item = b'{"touchpoint": "order-confirmed", ' + body[1:]
    refused = client.post("/api/v1/triggers", data=b'{"triggers": [' + item + b"]}", headers=keys["server"])
    assert refused.status_code == 422, refused.text
    assert list(refused.json["fields"]) == [f"triggers.0.{field}"]


@pytest.mark.parametrize(("typed", "kept"), [("kind \\ud83d", "kind \ufffd"), ("ki\\u0000nd", "kind")])
def test_a_customers_words_are_mended_and_no_answer_is_lost(
    client: FlaskClient, trigger: Callable[..., Any], session: Session, typed: str, kept: str
) -> None:
    token = trigger()["invitation"]["token"]
    body = (
        '{"token": "%s", "response_id": "01990000-0000-7000-8000-000000000001",'
        ' "answers": {"score": 9, "comment": "%s"}, "context": {"url": "%s"}}'
    )
    assert client.post("/w/v1/responses", data=body % (token, typed, typed)).status_code == 201
    stored = session.scalars(select(Response)).one()
    assert (stored.score, stored.comment) == (9, kept)


def test_words_that_were_said_on_the_phone_are_mended_too(
    client: FlaskClient, company: Any, keys: Headers, session: Session
) -> None:
    item = '{"touchpoint": "order-confirmed", "answers": {"score": 3, "comment": "slow \\ud83d\\u0000"}}'
    taken = client.post("/api/v1/responses", data=f'{{"responses": [{item}]}}', headers=keys["server"])
    assert taken.status_code == 200, taken.text
    assert session.scalars(select(Response.comment)).one() == "slow \ufffd"


def test_the_plain_form_mends_too(client: FlaskClient, trigger: Callable[..., Any], session: Session) -> None:
    token = trigger()["invitation"]["token"]
    form = {
        "response_id": "01990000-0000-7000-8000-000000000002",
        "answers.score": "9",
        "answers.comment": "ki\0nd",
    }
    assert client.post(f"/s/{token}", data=form).status_code == 303
    assert session.scalars(select(Response.comment)).one() == "kind"


@pytest.mark.parametrize("score", ["--5", "9" * 5000, "²", "1e400"])
def test_a_score_that_is_none_shows_the_form_again(
    client: FlaskClient, trigger: Callable[..., Any], score: str
) -> None:
    token = trigger()["invitation"]["token"]
    form = {"response_id": "01990000-0000-7000-8000-000000000003", "answers.score": score}
    assert client.post(f"/s/{token}", data=form).status_code == 422


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/journeys/first-order/versions/9223372036854775808", "version"),
        ("/api/v1/journeys/first%00order", "key"),
        ("/api/v1/kpis?metric=nps&from=9999-12-01&to=9999-12-31", "from"),
        ("/api/v1/kpis?metric=n%00ps", "metric"),
        ("/api/v1/exports/responses.csv?to=9999-12-31", "to"),
        ("/api/v1/exports/responses.csv?from=0001-01-01", "from"),
    ],
)
def test_what_stands_in_an_address_is_refused_by_name(
    client: FlaskClient, company: Any, keys: Headers, path: str, field: str
) -> None:
    refused = client.get(path, headers=keys["admin"])
    assert refused.status_code == 422, refused.text
    assert field in refused.json["fields"]


def test_an_encoded_body_is_refused(client: FlaskClient, company: Any, keys: Headers) -> None:
    headers = {**keys["server"], "Content-Encoding": "gzip"}
    refused = client.post("/api/v1/triggers", data=b"\x1f\x8b", headers=headers)
    assert (refused.status_code, refused.json["code"]) == (415, "encoded_body")


def test_a_slash_too_many_leads_to_the_page(client: FlaskClient, trigger: Callable[..., Any]) -> None:
    token = trigger()["invitation"]["token"]
    moved = client.get(f"/s/{token}/?lang=de")
    assert (moved.status_code, moved.location) == (308, f"/s/{token}?lang=de")
    assert client.get("/nowhere/").status_code == 404
