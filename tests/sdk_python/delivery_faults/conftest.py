"""What a collector, or whoever stands before it, may do to a delivery; and a client with either outbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from afterword import Client


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


def trigger(client: Client, count: int, touchpoint: str = "order-confirmed") -> list[str]:
    transactions = [f"{touchpoint}-{number}" for number in range(count)]
    for transaction in transactions:
        client.trigger_survey(touchpoint, transaction=transaction)
    return transactions


@pytest.fixture(params=["file", "memory"])
def client(request: pytest.FixtureRequest, make_client: Callable[..., Client]) -> Client:
    options: dict[str, Any] = {"timeout": 0.5}
    return make_client(**options) if request.param == "file" else make_client(outbox=None, **options)
