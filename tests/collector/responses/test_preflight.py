"""What a browser asks before a call that a host's monitoring has given headers of its own."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("traceparent, x-datadog-trace-id", "traceparent, x-datadog-trace-id"),
        ("content-type", "content-type"),
        ("<bad>", "*"),
        ("", "*"),
    ],
)
def test_a_hosts_tracing_may_add_its_headers(client: FlaskClient, asked: str, allowed: str) -> None:
    headers = {"Origin": "https://shop.example", "Access-Control-Request-Headers": asked}
    answer = client.options("/w/v1/survey", headers=headers)
    assert answer.headers["Access-Control-Allow-Headers"] == allowed
    assert "Access-Control-Request-Headers" in answer.headers["Vary"]
