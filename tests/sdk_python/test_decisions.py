"""Why (not) asked: the one question that the SDK waits for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from afterword import Client, CollectorError, CollectorUnavailable, Decision, InvalidArgument


def test_it_returns_what_the_collector_decided(client: Client, sink: Any) -> None:
    sink.decisions = [
        {
            "trigger_id": "1",
            "decision": "skip",
            "reason": "quarantine",
            "rule": "30 days",
            "news": "of a later version",
        }
    ]
    decision = client.decisions(transaction="order 991/ä")[0]
    assert isinstance(decision, Decision)
    assert (decision.decision, decision.reason, decision.rule) == ("skip", "quarantine", "30 days")
    assert decision.next_eligible_at is None
    assert parse_qs(urlsplit(sink.requests[-1][1]).query) == {"transaction": ["order 991/ä"]}


def test_it_asks_for_a_customer_by_pseudonym(client: Client, sink: Any) -> None:
    assert client.decisions(customer="c-1842") == []
    assert parse_qs(urlsplit(sink.requests[-1][1]).query)["customer"][0].startswith("cu_")


def test_it_follows_the_pages(client: Client, sink: Any) -> None:
    def page(handler: Any, sink: Any, what: str, path: str) -> bool:
        number = int(parse_qs(urlsplit(path).query).get("cursor", ["0"])[0])
        following = str(number + 1) if number < 2 else None
        handler.answer(200, {"decisions": [{"trigger_id": str(number)}], "next": following})
        return True

    sink.fault = page
    assert [decision.trigger_id for decision in client.decisions(transaction="one")] == ["0", "1", "2"]


@pytest.mark.parametrize("wanted", [{}, {"transaction": "one", "customer": "c-1"}, {"transaction": ""}])
def test_it_wants_exactly_one_question(client: Client, wanted: dict[str, str]) -> None:
    with pytest.raises(InvalidArgument):
        client.decisions(**wanted)


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, CollectorError), (422, CollectorError), (429, CollectorUnavailable), (503, CollectorUnavailable)],
)
def test_a_refusal_says_code_and_status(
    client: Client, sink: Any, status: int, error: type[CollectorError]
) -> None:
    def refuse(handler: Any, sink: Any, what: str, path: str) -> bool:
        handler.answer(status, {"code": "some_code", "detail": "Some sentence.", "fields": {"x": ["y"]}})
        return True

    sink.fault = refuse
    with pytest.raises(error, match=r"Some sentence\.") as refusal:
        client.decisions(transaction="one")
    assert type(refusal.value) is error
    assert (refusal.value.code, refusal.value.status) == ("some_code", status)


def test_no_answer_is_unavailable(make_client: Callable[..., Client], sink: Any) -> None:
    client = make_client(outbox=None)
    sink.stop()
    with pytest.raises(CollectorUnavailable) as refusal:
        client.decisions(transaction="one")
    assert refusal.value.code == "unavailable"
