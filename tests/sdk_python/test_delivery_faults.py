"""Whatever the collector does: no loss, no duplicate, bounded memory, and the caller notices nothing."""

from __future__ import annotations

import random
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from afterword import Client, Problem


def answer(status: int, body: dict[str, Any] | None = None, **headers: str) -> Callable[..., bool]:
    """The collector's own answer: a refusal says its status once more."""

    def fault(handler: Any, sink: Any, what: str, said: Any) -> bool:
        handler.answer(status, {"status": status, **body} if body else {}, **headers)
        return True

    return fault


def page(status: int) -> Callable[..., bool]:
    """What a proxy, a firewall or a load balancer says on its own account."""

    def fault(handler: Any, sink: Any, what: str, said: Any) -> bool:
        handler.send_response(status)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", "18")
        handler.end_headers()
        handler.wfile.write(b"<html>nginx</html>")
        return True

    return fault


def lose_the_answer(handler: Any, sink: Any, what: str, body: Any) -> bool:
    """Accept, then hang up before saying so."""
    sink.accept(what, body)
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True
    return True


def hang_up(handler: Any, sink: Any, what: str, body: Any) -> bool:
    """Take the request and hang up."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True
    return True


def hang(handler: Any, sink: Any, what: str, body: Any) -> bool:
    """Take the request and say nothing for longer than anybody waits."""
    time.sleep(3)
    handler.close_connection = True
    return True


def half_an_answer(handler: Any, sink: Any, what: str, body: Any) -> bool:
    """Accept, promise a hundred bytes, send three."""
    sink.accept(what, body)
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}}")
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True
    return True


def rubbish(handler: Any, sink: Any, what: str, body: Any) -> bool:
    """Speak no HTTP."""
    handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    handler.close_connection = True
    return True


def trigger(client: Client, count: int, touchpoint: str = "order-confirmed") -> list[str]:
    transactions = [f"{touchpoint}-{number}" for number in range(count)]
    for transaction in transactions:
        client.trigger_survey(touchpoint, transaction=transaction)
    return transactions


@pytest.fixture(params=["file", "memory"])
def client(request: pytest.FixtureRequest, make_client: Callable[..., Client]) -> Client:
    options: dict[str, Any] = {"timeout": 0.5}
    return make_client(**options) if request.param == "file" else make_client(outbox=None, **options)


FAULTS: list[Callable[..., bool]] = [
    *(answer(status) for status in (500, 502, 503, 504, 408, 425, 429, 301)),
    answer(200, {"hello": "from the hotel's captive portal"}),
    *(page(status) for status in (200, 400, 401, 403, 404, 405, 407, 410, 422)),
    lose_the_answer, hang_up, hang, half_an_answer, rubbish,
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: getattr(fault, "__name__", "fault"))
def test_after_a_fault_everything_arrives_once(fault: Callable[..., bool], client: Client, sink: Any) -> None:
    sink.faults.extend([fault, fault])
    wanted = trigger(client, 20)
    assert client.flush(20)
    assert sink.transactions() == wanted
    stats = client.stats()
    assert (stats.delivered, stats.queued, stats.dead, stats.dropped) == (20, 0, 0, {})
    assert stats.retried > 0


def test_the_hosts_own_sequence_of_random_numbers_goes_on_undisturbed(client: Client, sink: Any) -> None:
    sink.faults.extend([answer(503), answer(503)])
    random.seed(7)
    wanted = [random.random() for _ in range(2)]
    random.seed(7)
    numbers = [random.random()]
    trigger(client, 3)
    assert client.flush(20)
    assert client.stats().retried > 0
    assert [*numbers, random.random()] == wanted


def test_a_refused_connection_is_tried_again(client: Client, sink: Any) -> None:
    sink.stop()
    wanted = trigger(client, 20)
    assert not client.flush(0.3)
    assert client.stats().queued == 20
    sink.start()
    assert client.flush(20)
    assert sink.transactions() == wanted


def test_a_connection_closed_while_idle_costs_no_retry(client: Client, sink: Any) -> None:
    trigger(client, 1)
    assert client.flush()
    for connection in list(sink.connections):
        connection.shutdown(socket.SHUT_RDWR)
    trigger(client, 1, "installed")
    assert client.flush()
    assert client.stats().retried == 0


def test_retry_after_is_honoured_even_by_a_flush(client: Client, sink: Any) -> None:
    sink.faults.append(answer(429, Retry_After="1"))
    trigger(client, 3)
    assert client.flush(10)
    first, second = sink.request_times[:2]
    assert second - first >= 1.0


def test_item_errors_send_the_bad_to_the_dead_letters_and_the_rest_on(
    make_client: Callable[..., Client], sink: Any, wait_until: Callable[..., bool]
) -> None:
    problems: list[Problem] = []
    client = make_client(on_error=problems.append, linger=0.2)
    good = trigger(client, 3)
    bad = client.trigger_survey("bad", transaction="x")
    good += trigger(client, 3, "installed")
    assert client.flush()
    assert sink.transactions() == good
    letter = client.dead_letters()[0]
    assert (letter.kind, letter.id, letter.status) == ("trigger", bad.trigger_id, 422)
    assert "touchpoint: is not to the taste of this sink" in letter.reason
    assert (client.stats().delivered, client.stats().dead) == (6, 1)
    assert wait_until(lambda: problems)
    assert (problems[0].code, problems[0].rows) == ("refused", 1)


def test_one_poisoned_row_is_found_by_halving(client: Client, sink: Any) -> None:
    def poison(handler: Any, sink: Any, what: str, body: Any) -> bool:
        if any(item["touchpoint"] == "poison" for item in body["triggers"]):
            handler.answer(400, {"status": 400, "code": "bad_request", "detail": "Something is wrong."})
            return True
        return False

    sink.fault = poison
    wanted = trigger(client, 30)
    client.trigger_survey("poison")
    wanted += trigger(client, 30, "installed")
    assert client.flush(20)
    assert sink.transactions() == wanted
    assert (client.stats().delivered, client.stats().dead) == (60, 1)


def test_a_batch_that_is_too_large_is_halved(client: Client, sink: Any) -> None:
    def small_door(handler: Any, sink: Any, what: str, body: Any) -> bool:
        if len(body["triggers"]) > 4:
            handler.answer(413, {})
            return True
        return False

    sink.fault = small_door
    wanted = trigger(client, 30)
    assert client.flush(20)
    assert sorted(sink.transactions()) == sorted(wanted)
    assert client.stats().dead == 0


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_refused_row_is_a_dead_letter_with_the_servers_reason(
    status: int, client: Client, sink: Any
) -> None:
    sink.faults.append(answer(status, {"code": "no", "detail": "Not this one."}))
    client.trigger_survey("order-confirmed", transaction="one")
    assert client.flush()
    letter = client.dead_letters()[0]
    assert letter.status == status
    assert letter.reason == f"HTTP {status} no Not this one."
    client.trigger_survey("order-confirmed", transaction="two")
    assert client.flush()
    assert sink.transactions() == ["two"]


@pytest.mark.parametrize("status", [401, 403, 404, 405, 410])
def test_a_refused_client_holds_its_rows_says_so_once_and_goes_on_by_itself(
    status: int, make_client: Callable[..., Client], sink: Any, wait_until: Callable[..., bool]
) -> None:
    problems: list[Problem] = []
    client = make_client(on_error=problems.append)
    sink.fault = answer(status, {"code": "revoked_key", "detail": "This key has ended."})
    wanted = trigger(client, 20)
    assert not client.flush(2.5)
    assert (client.stats().queued, client.stats().dead) == (20, 0)
    assert [problem.code for problem in problems] == ["held"]
    assert f"HTTP {status} revoked_key This key has ended." in problems[0].message
    assert len(sink.requests) <= 3
    sink.fault = None
    assert client.flush(10)
    assert sink.transactions() == wanted


def test_a_flush_does_not_hurry_a_collector_that_refuses_the_client(client: Client, sink: Any) -> None:
    sink.faults.append(answer(401, {"code": "revoked_key"}))
    trigger(client, 1)
    assert client.flush(10)
    first, second = sink.request_times[:2]
    assert second - first >= 1.9


def test_a_stranger_that_says_there_is_nothing_to_cancel_is_not_believed(client: Client, sink: Any) -> None:
    sink.faults.append(page(404))
    client.cancel_survey(transaction="one")
    assert client.flush(10)
    assert sink.cancelled == ["one"]


def test_dead_letters_can_be_tried_again(make_client: Callable[..., Client], sink: Any) -> None:
    client = make_client()
    sink.faults.append(answer(422, {"code": "invalid"}))
    client.trigger_survey("order-confirmed", transaction="one")
    assert client.flush()
    assert client.retry_dead_letters() == 1
    assert client.flush()
    assert sink.transactions() == ["one"]
    assert client.dead_letters() == []


def test_a_cancellation_waits_for_its_trigger_through_faults(client: Client, sink: Any) -> None:
    sink.faults.extend([answer(500), hang_up, answer(503)])
    client.trigger_survey("order-confirmed", transaction="one")
    client.cancel_survey(transaction="one")
    assert client.flush(20)
    assert sink.order == ["one", "cancel one"]


def test_an_outage_is_told_once_and_told_again_only_after_it_was_over(
    make_client: Callable[..., Client], sink: Any, wait_until: Callable[..., bool]
) -> None:
    problems: list[Problem] = []
    client = make_client(on_error=problems.append)
    sink.faults.extend([answer(500)] * 3)
    trigger(client, 1)
    assert client.flush(20)
    assert [problem.code for problem in problems] == ["not_delivered"]
    assert problems[0].message == "HTTP 500"
    sink.faults.append(answer(500))
    trigger(client, 1, "installed")
    assert client.flush(20)
    assert wait_until(lambda: len(problems) == 2)


@pytest.mark.parametrize(
    "hook", [lambda problem: 1 / 0, lambda problem: sys.exit(1)], ids=["raises", "exits"]
)
def test_a_hook_that_raises_does_no_harm(
    hook: Callable[[Problem], object], make_client: Callable[..., Client], sink: Any
) -> None:
    client = make_client(on_error=hook)
    sink.faults.extend([answer(500)] * 2)
    wanted = trigger(client, 3)
    assert client.flush(20)
    assert sink.transactions() == wanted


def test_a_hook_may_call_the_client(make_client: Callable[..., Client], sink: Any) -> None:
    client = make_client(
        on_error=lambda problem: client.record_interaction("order-confirmed", event="trouble")
    )
    sink.faults.append(answer(500))
    trigger(client, 1)
    assert client.flush(20)
    assert len(sink.triggers) == 1


def test_memory_stays_bounded_and_says_what_it_drops(make_client: Callable[..., Client], sink: Any) -> None:
    sink.stop()
    problems: list[Problem] = []
    client = make_client(outbox=None, memory_limit=50, on_error=problems.append)
    trigger(client, 80)
    stats = client.stats()
    assert (stats.accepted, stats.queued, stats.dropped) == (80, 50, {"memory_full": 30})
    sink.start()
    assert client.flush(20)
    assert len(sink.triggers) == 50
    assert "memory_full" in [problem.code for problem in problems]


def test_the_caller_does_not_wait_while_the_collector_hangs(client: Client, sink: Any) -> None:
    sink.fault = hang
    trigger(client, 1)
    time.sleep(0.1)
    start = time.monotonic()
    trigger(client, 100, "installed")
    assert time.monotonic() - start < 2.5


def drip(handler: Any, sink: Any, what: str, body: Any) -> bool:
    """Answer a byte at a time, each well within the timeout, all of them together not."""
    sink.accept(what, body)
    try:
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n" + b" " * 400:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        handler.close_connection = True
    return True


def test_an_answer_that_drips_has_one_deadline(client: Client, sink: Any) -> None:
    sink.faults.append(drip)
    wanted = trigger(client, 3)
    began = time.monotonic()
    assert client.flush(20)
    assert time.monotonic() - began < 8  # half a second; the drip would take twenty
    assert sink.transactions() == wanted
    assert client.stats().retried > 0
