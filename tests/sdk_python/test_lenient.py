"""`on_invalid="report"`, AFTERWORD_DISABLED, AFTERWORD_OUTBOX and the link to OpenTelemetry."""

from __future__ import annotations

import asyncio
import math
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from afterword import AsyncClient, Client, ConfigurationError, InvalidArgument, InvalidType, Problem
from afterword.testing import MemoryClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture
def lenient(make_client: Callable[..., Client]) -> tuple[Client, list[Problem]]:
    problems: list[Problem] = []
    return make_client(on_invalid="report", on_error=problems.append), problems


def sent(client: Client, sink: Any) -> dict[str, Any]:
    assert client.flush(10)
    return list(sink.triggers.values())[-1]


@pytest.mark.parametrize(
    ("wrong", "name", "kept"),
    [
        ({"attributes": {"product": "Router\tblue", "plan": "L"}}, "attributes", {"product": "Router blue", "plan": "L"}),
        ({"attributes": {"product": "x" * 201}}, "attributes", {"product": "x" * 200}),
        ({"attributes": {"price": math.nan, "plan": "L"}}, "attributes", {"plan": "L"}),
        ({"attributes": {"Price": 1, "plan": ...}}, "attributes", None),
        ({"attributes": {f"a{number}": 1 for number in range(30)}}, "attributes", {f"a{number}": 1 for number in range(20)}),
        ({"attributes": {"mail": "ada@example.org", "plan": "L"}}, "attributes", {"plan": "L"}),
        ({"attributes": "L"}, "attributes", None),
        ({"locale": ""}, "locale", None),
        ({"transaction": "o" * 200}, "transaction", "o" * 128),
        ({"transaction": "order\n991"}, "transaction", "order 991"),
        ({"transaction": 991}, "transaction", None),
        ({"journey_instance": ""}, "journey_instance", None),
        ({"customer": "ada@example.org"}, "customer", None),
        ({"customer": 1842}, "customer", None),
        ({"journey": "First Order"}, "journey", None),
        ({"delay": -1}, "delay", None),
        ({"cancel_on": "refund"}, "cancel_on", None),
        ({"target": "company"}, "target", None),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_argument_is_repaired_or_left_out_and_told(
    wrong: dict[str, Any], name: str, kept: object, lenient: tuple[Client, list[Problem]], sink: Any,
    wait_until: Callable[..., bool],
) -> None:  # fmt: skip
    client, problems = lenient
    assert client.trigger_survey("order-confirmed", **wrong).url
    assert sent(client, sink).get(name) == kept
    assert wait_until(lambda: problems)
    assert {problem.code for problem in problems} == {"invalid"}
    assert name in problems[0].message or "personal_data" in problems[0].message
    with pytest.raises((InvalidArgument, InvalidType)):
        MemoryClient().trigger_survey("order-confirmed", **wrong)


def test_a_call_that_cannot_be_mended_triggers_nothing_and_shows_nothing(
    lenient: tuple[Client, list[Problem]],
) -> None:
    client, _ = lenient
    invitation = client.trigger_survey("Order Confirmed")
    assert not invitation
    assert invitation.widget_tag(mode="popover") == invitation.email_html() == invitation.qr_svg() == ""
    assert invitation.url.startswith("http://127.0.0.1")
    assert client.record_interaction(None) == ""
    client.cancel_survey(transaction="")
    assert client.stats().accepted == 0


def test_a_trigger_and_its_cancellation_are_repaired_alike(
    lenient: tuple[Client, list[Problem]], sink: Any
) -> None:
    client, _ = lenient
    client.trigger_survey("order-confirmed", transaction="order\t" + "9" * 200)
    client.cancel_survey(transaction="order\t" + "9" * 200)
    assert client.flush(10)
    assert sink.cancelled == sink.transactions()


ANYTHING = st.one_of(
    st.none(), st.text(max_size=300), st.floats(), st.integers(), st.booleans(), st.lists(st.text(max_size=3)),
    st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=300), st.floats(), st.none())),
)  # fmt: skip
NAMES = ["journey", "customer", "transaction", "journey_instance", "locale", "channel", "persona", "attributes",
         "delay", "cancel_on", "occurred_at", "expires_in", "target"]  # fmt: skip


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_whatever_a_host_passes_the_checkout_goes_on(arguments: dict[str, Any]) -> None:
    client = MemoryClient()
    client._settings = client._settings._replace(on_invalid="report")
    assert client.trigger_survey("order-confirmed", **arguments).token
    assert len(client.triggers) == 1


def test_switched_off_it_needs_nothing_and_does_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AFTERWORD_DISABLED", "1")
    client = Client()
    invitation = client.trigger_survey("order-confirmed", transaction="one")
    assert not invitation
    assert invitation.widget_tag() == client.customer_widget_tag("c-1") == ""
    client.record_interaction("order-confirmed")
    client.cancel_survey(transaction="one", session=object())
    client.erase_customer("c-1")
    assert client.decisions(transaction="one") == []
    assert client.stats().accepted == 0
    with pytest.raises(InvalidArgument):
        client.trigger_survey("Order Confirmed")

    async def flow() -> bool:
        return bool(await AsyncClient(client).trigger_survey("order-confirmed", session=object()))

    assert asyncio.run(flow()) is False
    assert list(tmp_path.iterdir()) == []
    memory = MemoryClient()
    assert memory.trigger_survey("order-confirmed").widget_tag()
    memory.assert_triggered("order-confirmed")


def test_neither_yes_nor_no_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_DISABLED", "maybe")
    with pytest.raises(ConfigurationError, match="AFTERWORD_DISABLED must be 1 or 0"):
        Client("http://127.0.0.1:9")


def test_the_environment_says_where_the_outbox_is_unless_the_host_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sink: Any, api_key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AFTERWORD_OUTBOX", str(tmp_path / "volume.db"))
    for options in ({}, {"outbox": tmp_path / "own.db"}, {"outbox": None}):
        Client(sink.url, api_key=api_key, **options).close(0)
    monkeypatch.setenv("AFTERWORD_OUTBOX", "memory")
    Client(sink.url, api_key=api_key).close(0)
    assert {path.name for path in tmp_path.glob("*.db")} == {"volume.db", "own.db"}


def test_the_trace_is_linked_where_the_host_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    context = types.SimpleNamespace(trace_id=0x4BF92F3577B34DA6A3CE929D0E0E4736, is_valid=True)
    span = types.SimpleNamespace(get_span_context=lambda: context)
    telemetry: Any = types.ModuleType("opentelemetry")
    telemetry.trace = types.SimpleNamespace(get_current_span=lambda: span)
    monkeypatch.setitem(sys.modules, "opentelemetry", telemetry)
    client = MemoryClient()
    client.trigger_survey("order-confirmed")
    client._settings = client._settings._replace(link_traces=True)
    client.trigger_survey("order-confirmed", attributes={"plan": "L"})
    client.record_interaction("order-confirmed")
    context.is_valid = False
    client.trigger_survey("order-confirmed")
    trace = {"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}
    wanted = [None, {**trace, "plan": "L"}, None]
    assert [trigger.get("attributes") for trigger in client.triggers] == wanted
    assert client.interactions[0]["attributes"] == trace
