"""From the call to the collector, when all goes well."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from afterword import Client, InvalidArgument, Stats


def adds_up(stats: Stats) -> bool:
    gone = stats.delivered + stats.dead + sum(stats.dropped.values())
    return stats.accepted + stats.adopted == gone + stats.queued


@pytest.fixture(params=["file", "memory"])
def client(request: pytest.FixtureRequest, make_client: Callable[..., Client]) -> Client:
    return make_client() if request.param == "file" else make_client(outbox=None)


def test_a_trigger_arrives_with_its_key_and_under_a_pseudonym(
    client: Client, sink: Any, api_key: str
) -> None:
    invitation = client.trigger_survey(
        "order-confirmed", journey="first-order", customer="c-1842", transaction="order-991", locale="de_AT",
        channel="web", attributes={"tariff": "L", "new": True}, delay=60, cancel_on=["refund"],
    )  # fmt: skip
    assert client.flush()
    trigger = sink.triggers[invitation.trigger_id]
    assert trigger["invitation_id"] == invitation.id
    assert trigger["customer"].startswith("cu_")
    assert trigger["locale"] == "de-AT"
    assert trigger["attributes"] == {"tariff": "L", "new": True}
    assert (trigger["delay"], trigger["cancel_on"]) == (60, ["refund"])
    assert "persona" not in trigger
    assert sink.request_headers[0]["Authorization"] == f"Bearer {api_key}"
    assert sink.request_headers[0]["User-Agent"].startswith("afterword-python/")
    assert "c-1842" not in str(sink.requests)


def test_many_triggers_go_in_batches_over_one_connection(
    make_client: Callable[..., Client], sink: Any
) -> None:
    client = make_client(linger=0.3)
    for number in range(1_200):
        client.trigger_survey("order-confirmed", transaction=f"t{number}")
    assert client.flush(20)
    assert sink.transactions() == [f"t{number}" for number in range(1_200)]
    assert len(sink.requests) < 40
    assert max(len(body["triggers"]) for _, body in sink.requests) <= 500
    assert len(sink.connections) == 1
    assert client.stats().delivered == 1_200


def test_an_interaction_arrives(client: Client, sink: Any) -> None:
    interaction_id = client.record_interaction(
        "installed", event="refund", customer="c-1", transaction="order-991"
    )
    assert client.flush()
    interaction = sink.interactions[interaction_id]
    assert (interaction["event"], interaction["touchpoint"]) == ("refund", "installed")


def test_an_event_needs_a_touchpoint_or_a_transaction(client: Client, sink: Any) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        client.record_interaction(event="refund", customer="c-1")
    assert refusal.value.code == "bad_touchpoint"
    interaction_id = client.record_interaction(event="refund", transaction="order-991")
    assert client.flush()
    assert set(sink.interactions) == {interaction_id}
    assert "touchpoint" not in sink.interactions[interaction_id]


def test_a_cancellation_goes_behind_its_trigger_and_before_the_next(client: Client, sink: Any) -> None:
    client.trigger_survey("order-confirmed", transaction="one")
    client.cancel_survey(transaction="one")
    client.trigger_survey("order-confirmed", transaction="two")
    assert client.flush()
    assert sink.order == ["one", "cancel one", "two"]


def test_a_cancellation_quotes_what_an_address_cannot_hold(client: Client, sink: Any) -> None:
    client.cancel_survey(transaction="a/b ä?#")
    assert client.flush()
    assert sink.cancelled == ["a/b ä?#"]


def test_an_erasure_names_the_pseudonym(client: Client, sink: Any) -> None:
    client.trigger_survey("order-confirmed", customer="c-1", transaction="one")
    client.erase_customer("c-1")
    assert client.flush()
    assert sink.erased == [next(iter(sink.triggers.values()))["customer"]]


def test_many_threads_share_a_client(client: Client, sink: Any) -> None:
    def work(name: int) -> None:
        for number in range(50):
            client.trigger_survey("order-confirmed", transaction=f"{name}-{number}")

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.flush(20)
    assert len(set(sink.transactions())) == len(sink.transactions()) == 400
    assert adds_up(client.stats())


def test_the_sums_come_out_even(client: Client, sink: Any) -> None:
    sink.stop()
    for number in range(10):
        client.trigger_survey("order-confirmed", transaction=f"t{number}")
    waiting = client.stats()
    assert waiting.queued == 10
    assert waiting.oldest_age is not None
    assert adds_up(waiting)
    sink.start()
    assert client.flush(20)
    assert client.stats().queued == 0
    assert client.stats().oldest_age is None
    assert adds_up(client.stats())


def test_closing_is_not_final(client: Client, sink: Any) -> None:
    client.trigger_survey("order-confirmed", transaction="one")
    client.close()
    client.trigger_survey("order-confirmed", transaction="two")
    assert client.flush()
    assert sink.transactions() == ["one", "two"]
    assert adds_up(client.stats())


def test_a_with_block_delivers_at_its_end(sink: Any, api_key: str) -> None:
    with Client(sink.url, api_key=api_key, outbox=None, linger=5) as client:
        client.trigger_survey("order-confirmed", transaction="one")
    assert sink.transactions() == ["one"]
