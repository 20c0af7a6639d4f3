"""What is refused becomes a dead letter with its reason, and holds up nothing that follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from afterword import Client, Problem
from tests.sdk_python.delivery_faults.conftest import answer, page, trigger


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
