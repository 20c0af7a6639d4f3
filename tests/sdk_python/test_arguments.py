"""Wrong arguments raise at once, with a code; nothing else does."""

from __future__ import annotations

import enum
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from afterword import AfterwordError, Client, InvalidArgument, InvalidType, PersonalData
from afterword.testing import MemoryClient

RIGHT: list[dict[str, Any]] = [
    {"journey": "first-order", "channel": "web", "persona": "family.2"},
    {"customer": "c-1842"},
    {"customer": "0049123456789"},
    {"customer": "00017"},
    {"transaction": "order 991/ä"},
    {"transaction": "x" * 128},
    {"locale": "pt_BR"},
    {"locale": "zh-Hant-TW"},
    {"attributes": {"tariff": "L", "amount": 49.9, "items": 3, "new": True}},
    {"attributes": {"from": "2026-11-21", "slot": "10:00-12:00", "version": "10.0.0.1"}},
    {"attributes": {f"a{n}": n for n in range(20)}},
    {"delay": 7_776_000},
    {"delay": timedelta(days=2)},
    {"cancel_on": ["refund", "return"]},
    {"occurred_at": datetime(2026, 1, 1, tzinfo=timezone.utc)},
    {"expires_in": timedelta(hours=1)},
]

WRONG: list[tuple[dict[str, Any], type[AfterwordError], str]] = [
    ({"touchpoint": ""}, InvalidArgument, "bad_touchpoint"),
    ({"touchpoint": "Order Confirmed"}, InvalidArgument, "bad_touchpoint"),
    ({"touchpoint": "x" * 65}, InvalidArgument, "bad_touchpoint"),
    ({"touchpoint": None}, InvalidType, "bad_touchpoint"),
    ({"touchpoint": ["order-confirmed"]}, InvalidType, "bad_touchpoint"),
    ({"journey": {}}, InvalidType, "bad_journey"),
    ({"journey": 7}, InvalidType, "bad_journey"),
    ({"channel": "the web"}, InvalidArgument, "bad_channel"),
    ({"customer": 1842}, InvalidType, "bad_customer"),
    ({"customer": ""}, InvalidArgument, "bad_customer"),
    ({"customer": "a\x00b"}, InvalidArgument, "bad_customer"),
    ({"transaction": 991}, InvalidType, "bad_transaction"),
    ({"transaction": ""}, InvalidArgument, "bad_transaction"),
    ({"transaction": "x" * 129}, InvalidArgument, "bad_transaction"),
    ({"transaction": "\ud800"}, InvalidArgument, "bad_transaction"),
    ({"locale": "german!"}, InvalidArgument, "bad_locale"),
    ({"attributes": [("a", 1)]}, InvalidType, "bad_attributes"),
    ({"attributes": {"Tariff": "L"}}, InvalidArgument, "bad_attributes"),
    ({"attributes": {1: "L"}}, InvalidType, "bad_attributes"),
    ({"attributes": {"a": None}}, InvalidType, "bad_attributes"),
    ({"attributes": {"a": {"b": 1}}}, InvalidType, "bad_attributes"),
    ({"attributes": {"a": float("nan")}}, InvalidArgument, "bad_attributes"),
    ({"attributes": {"a": 10**400}}, InvalidArgument, "bad_attributes"),
    ({"attributes": {"a": "x" * 201}}, InvalidArgument, "bad_attributes"),
    ({"attributes": {f"a{n}": n for n in range(21)}}, InvalidArgument, "bad_attributes"),
    ({"delay": -1}, InvalidArgument, "bad_delay"),
    ({"delay": 7_776_001}, InvalidArgument, "bad_delay"),
    ({"delay": 1.5}, InvalidType, "bad_delay"),
    ({"delay": True}, InvalidType, "bad_delay"),
    ({"cancel_on": "refund"}, InvalidType, "bad_cancel_on"),
    ({"cancel_on": ["Refund!"]}, InvalidArgument, "bad_cancel_on"),
    ({"occurred_at": "2026-01-01"}, InvalidType, "bad_occurred_at"),
    ({"occurred_at": datetime(2026, 1, 1)}, InvalidArgument, "bad_occurred_at"),  # noqa: DTZ001
    ({"occurred_at": datetime(1999, 1, 1, tzinfo=timezone.utc)}, InvalidArgument, "bad_occurred_at"),
    ({"occurred_at": datetime(9999, 1, 1, tzinfo=timezone.utc)}, InvalidArgument, "bad_occurred_at"),
    ({"expires_in": 0}, InvalidArgument, "bad_expires_in"),
    ({"customer": "jane@example.com"}, PersonalData, "personal_data"),
    ({"customer": "+49 171 1234567"}, PersonalData, "personal_data"),
    ({"customer": "DE89 3704 0044 0532 0130 00"}, PersonalData, "personal_data"),
    ({"transaction": "jane@example.com"}, PersonalData, "personal_data"),
    ({"journey_instance": "+49 171 1234567"}, PersonalData, "personal_data"),
    ({"attributes": {"note": "call 0171 / 123 45 67 please"}}, PersonalData, "personal_data"),
    ({"attributes": {"note": "write to jane@example.com"}}, PersonalData, "personal_data"),
    ({"attributes": {"account": "GB82WEST12345698765432"}}, PersonalData, "personal_data"),
]


@pytest.mark.parametrize("arguments", RIGHT, ids=repr)
def test_it_takes_what_is_right(arguments: dict[str, Any]) -> None:
    client = MemoryClient()
    client.trigger_survey("order-confirmed", **arguments)
    assert len(client.triggers) == 1


@pytest.mark.parametrize(("arguments", "error", "code"), WRONG, ids=lambda value: repr(value)[:50])
def test_it_refuses_what_is_wrong(arguments: dict[str, Any], error: type[AfterwordError], code: str) -> None:
    client = MemoryClient()
    with pytest.raises(error) as refusal:
        client.trigger_survey(**{"touchpoint": "order-confirmed", **arguments})
    assert refusal.value.code == code
    assert client.triggers == []


def test_enums_and_number_classes_go_as_their_plain_values() -> None:
    class Tariff(str, enum.Enum):  # the form of Python 3.9
        LARGE = "large"

    class Size(enum.IntEnum):
        BIG = 3

    class Price(float):
        def __repr__(self) -> str:
            return "Price()"

    client = MemoryClient()
    client.trigger_survey(Tariff.LARGE, attributes={"a": Tariff.LARGE, "b": Size.BIG, "c": Price(1.5)})
    assert client.triggers[0]["touchpoint"] == "large"
    assert client.triggers[0]["attributes"] == {"a": "large", "b": 3, "c": 1.5}


@pytest.mark.parametrize("argument", ["touchpoint", "journey", "locale", "channel", "persona"])
def test_what_is_refused_is_not_kept(argument: str) -> None:
    client = MemoryClient()
    tracemalloc.start()
    for number in range(50):
        wrong: dict[str, Any] = {"touchpoint": "order-confirmed", argument: f"{argument}{number}" * 100_000}
        with pytest.raises(InvalidArgument):
            client.trigger_survey(**wrong)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 5_000_000


def test_refusals_are_value_and_type_errors_too() -> None:
    assert issubclass(InvalidArgument, ValueError)
    assert issubclass(InvalidType, TypeError)


def test_req_052_personal_data_is_refused_and_not_repeated() -> None:
    with pytest.raises(PersonalData) as refusal:
        MemoryClient().trigger_survey("order-confirmed", customer="jane@example.com")
    assert "jane" not in str(refusal.value)


def test_personal_data_passes_when_allowed(make_client: Callable[..., Client]) -> None:
    client = make_client(outbox=None, allow_personal_data=True)
    client.trigger_survey(
        "order-confirmed", customer="jane@example.com", attributes={"phone": "+49 171 1234567"}
    )
    assert client.stats().accepted == 1


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"url": "collector.example.com"}, "bad_url"),
        ({"url": "ftp://collector.example.com"}, "bad_url"),
        ({"url": "http://user:secret@collector.example.com"}, "bad_url"),
        ({"url": "http://[broken"}, "bad_url"),
        ({"public_url": "/relative"}, "bad_public_url"),
        ({"api_key": "secret"}, "bad_api_key"),
        ({"synchronous": "OFF"}, "bad_synchronous"),
        ({"memory_limit": 0}, "bad_memory_limit"),
        ({"memory_limit": "10"}, "bad_memory_limit"),
        ({"outbox_max_bytes": 10}, "bad_outbox_max_bytes"),
        ({"timeout": 0}, "bad_timeout"),
        ({"timeout": "10"}, "bad_timeout"),
        ({"expires_in": 0}, "bad_expires_in"),
    ],
    ids=repr,
)
def test_it_refuses_settings_that_can_never_work(
    make_client: Callable[..., Client], settings: dict[str, Any], code: str
) -> None:
    with pytest.raises(AfterwordError) as refusal:
        make_client(**settings)
    assert refusal.value.code == code


def test_url_and_key_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, api_key: str) -> None:
    monkeypatch.setenv("AFTERWORD_URL", "https://feedback.example.com/")
    monkeypatch.setenv("AFTERWORD_API_KEY", api_key)
    invitation = Client(outbox=None).trigger_survey("order-confirmed")
    assert invitation.url.startswith("https://feedback.example.com/s/")


def test_no_url_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, api_key: str) -> None:
    monkeypatch.delenv("AFTERWORD_URL", raising=False)
    with pytest.raises(AfterwordError, match="url is missing"):
        Client(api_key=api_key, outbox=None)
