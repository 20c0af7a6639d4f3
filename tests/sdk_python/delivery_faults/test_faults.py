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
from tests.sdk_python.delivery_faults.conftest import answer, page, trigger


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
