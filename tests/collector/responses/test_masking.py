"""What customers should not have written is masked before it is stored; what looks alike stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.responses import Response
from collector.responses.masking import mask

MASKED = {
    "Write to anna.müller+x@example.co.uk please": "Write to [@] please",
    "DE89 3704 0044 0532 0130 00 bitte": "[IBAN] bitte",
    "at61 1904 3002 3457 3201 danke": "[IBAN] danke",
    "GB82WEST12345698765432.": "[IBAN].",
    "call +49 171 1234567 now": "call [tel] now",
    "0171/1234567 oder (030) 123456-78": "[tel] oder [tel]",
    "+1 (555) 123-4567": "[tel]",
    "00491711234567": "[tel]",
}
KEPT = [
    "on 21.11.2026 at 10:30",
    "2026-11-21",
    "01.02.2026",
    "order 12345678",
    "invoice 2026-000123",
    "paid 1.000,50 Euro",
    "Score 10/10 in 2 of 3 shops, waited 0.5 hours",
    "from 0800 to 1600",
    "Große Klasse 👍",
]


@pytest.mark.parametrize(("text", "kept"), MASKED.items())
def test_it_masks(text: str, kept: str) -> None:
    assert mask(text) == kept


@pytest.mark.parametrize("text", KEPT)
def test_it_leaves(text: str) -> None:
    assert mask(text) == text


@given(st.text(max_size=300))
def test_a_mask_is_never_longer_and_never_masked_again(text: str) -> None:
    once = mask(text)
    assert len(once) <= len(text)
    assert mask(once) == once


def test_the_comment_is_stored_masked_and_a_retry_is_the_same(
    client: FlaskClient, session: Session, trigger: Callable[..., Any], answer: Any
) -> None:
    token = trigger(transaction="order-1")["invitation"]["token"]
    words = "Call me: 0171 1234567, me@example.org"
    first = answer(token, score=3, comment=words)
    again = answer(token, response_id=first.json["response_id"], score=3, comment=words)
    assert (first.status_code, again.status_code) == (201, 200)
    row = session.scalars(select(Response)).one()
    assert row.comment == row.answers["comment"] == "Call me: [tel], [@]"


def test_a_workspace_may_keep_them(
    client: FlaskClient, session: Session, keys: Any, trigger: Any, answer: Any
) -> None:
    client.put("/api/v1/policy", json={"mask_comments": False}, headers=keys["admin"])
    answer(trigger(transaction="order-1")["invitation"]["token"], score=3, comment="me@example.org")
    assert session.scalars(select(Response.comment)).one() == "me@example.org"
