"""The golden payloads of tests/wire/sdk_payloads.json, and JSON that any parser reads."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from afterword.composer import Composer
from afterword.keys import parse_server_key
from afterword.testing import MemoryClient
from hypothesis import given, settings
from hypothesis import strategies as st

WIRE = Path(__file__).parents[1] / "wire"
GOLDEN: dict[str, Any] = json.loads((WIRE / "sdk_payloads.json").read_text("utf-8"))
KEY = parse_server_key(json.loads((WIRE / "tokens.json").read_text("utf-8"))["api_key"])
TRIGGER_DEFAULTS = dict.fromkeys(
    ("journey", "customer", "transaction", "journey_instance", "locale", "channel", "persona", "attributes",
     "occurred_at", "expires_in")
) | {"delay": 0, "cancel_on": ()}  # fmt: skip
INTERACTION_DEFAULTS = {"event": "step"} | dict.fromkeys(
    ("touchpoint", "journey", "customer", "transaction", "journey_instance", "channel", "persona", "attributes",
     "occurred_at")
)  # fmt: skip


@pytest.fixture
def composer() -> Composer:
    return Composer(
        KEY,
        "https://feedback.example.com",
        expires_in=30 * 86_400,
        allow_personal_data=False,
        clock=lambda: GOLDEN["now"],
    )


def arguments(row: dict[str, Any]) -> dict[str, Any]:
    given = dict(row["arguments"])
    if "occurred_at" in given:
        given["occurred_at"] = datetime.fromisoformat(given["occurred_at"])
    return given


@pytest.mark.parametrize("row", GOLDEN["triggers"], ids=lambda row: row["case"])
def test_triggers_are_golden(row: dict[str, Any], composer: Composer) -> None:
    invitation, parcel = composer.trigger(**(TRIGGER_DEFAULTS | arguments(row)))
    body = json.loads(parcel.body)
    assert body.pop("trigger_id") == invitation.trigger_id == parcel.id
    if "transaction" not in row["arguments"]:
        assert body.pop("invitation_id") == invitation.trigger_id
    assert body == row["body"]


@pytest.mark.parametrize("row", GOLDEN["interactions"], ids=lambda row: row["case"])
def test_interactions_are_golden(row: dict[str, Any], composer: Composer) -> None:
    parcel = composer.interaction(**(INTERACTION_DEFAULTS | arguments(row)))
    body = json.loads(parcel.body)
    assert body.pop("interaction_id") == parcel.id
    assert body == row["body"]


@settings(deadline=None)
@given(
    transaction=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=128),
    attributes=st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True),
        st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="@+"), max_size=7)
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.booleans(),
        max_size=20,
    ),
)
def test_what_goes_in_comes_out(transaction: str, attributes: dict[str, Any]) -> None:
    client = MemoryClient()
    client.trigger_survey("order-confirmed", transaction=transaction, attributes=attributes)
    trigger = client.triggers[0]
    assert trigger["transaction"] == transaction
    assert trigger.get("attributes", {}) == attributes


def test_times_have_milliseconds_only_where_needed() -> None:
    from afterword.payloads import timestamp

    assert timestamp(1_795_255_200) == "2026-11-21T10:00:00Z"
    assert timestamp(1_795_255_200.0456) == "2026-11-21T10:00:00.046Z"
    assert timestamp(1_795_255_199.9999) == "2026-11-21T10:00:00Z"
