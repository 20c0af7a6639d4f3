"""A text message goes to the gateway of the workspace: short, signed, and never into our own network by surprise."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import pytest

from collector.outgoing import egress, signature
from collector.outgoing.outcome import SendingFailed

SMS = {"way": "sms", "address": "+49 30 123-45678"}


@pytest.fixture
def secret(client: Any, keys: Any, company: Any, gateway: Any) -> str:
    answer = client.put("/api/v1/deliveries/sms-gateway", json={"url": gateway.url}, headers=keys["admin"])
    assert answer.status_code == 200, answer.text
    return str(answer.json["secret"])


def test_it_hands_a_short_text_to_the_gateway(
    secret: str, deliver: Any, work: Any, gateway: Any, client: Any, path: Any
) -> None:
    assert deliver(**SMS).status_code == 201
    work()
    (message,) = gateway.texts
    assert message["to"] == "+493012345678"
    link = message["text"].split()[-4]
    assert len(link) <= len("https://ask.example.com") + 16
    assert client.get(path(link)).headers["Location"].startswith("/s/")
    assert client.get(path(link) + "/stop").headers["Location"].startswith("/u/")


def test_it_signs_as_standard_webhooks_say(secret: str, deliver: Any, work: Any, gateway: Any) -> None:
    identifier = deliver(**SMS).json["id"]
    work()
    (headers, body), *_ = gateway.calls
    stamp = headers["webhook-timestamp"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{identifier}.{stamp}.".encode() + body, hashlib.sha256).digest()
    assert headers["webhook-id"] == identifier
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()


def test_it_signs_the_specification_s_own_example() -> None:
    headers = signature.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_busy_gateway_gets_the_same_id_again(
    secret: str, deliver: Any, work: Any, gateway: Any, time: Any
) -> None:
    deliver(**SMS)
    gateway.statuses = [503, 429]
    for _ in range(3):
        work()
        time.move(minutes=5)
    assert len({headers["webhook-id"] for headers, _ in gateway.calls}) == 1
    assert len(gateway.calls) == 3


@pytest.mark.parametrize("status", [301, 400, 404])
def test_a_refusal_or_a_redirect_is_final(
    secret: str, deliver: Any, work: Any, gateway: Any, time: Any, client: Any, keys: Any, status: int
) -> None:
    deliver(**SMS)
    gateway.statuses = [status]
    work()
    time.move(days=1)
    work()
    (row,) = client.get("/api/v1/deliveries", headers=keys["read"]).json["deliveries"]
    assert (row["state"], row["last_error"]) == ("dead", f"the SMS gateway answered {status}")
    assert len(gateway.calls) == 1


def test_a_server_key_may_not_choose_the_gateway(client: Any, keys: Any, company: Any) -> None:
    body = {"url": "https://gateway.example.com"}
    assert client.put("/api/v1/deliveries/sms-gateway", json=body, headers=keys["server"]).status_code == 403


@pytest.mark.parametrize(
    "url", ["http://x:99999/", "http://x:58x7/", "http://", "//x/", "ftp://x/", "http://[::1/"]
)
def test_a_gateway_that_no_call_can_reach_is_refused_as_it_is_given(
    client: Any, keys: Any, company: Any, url: str
) -> None:
    answer = client.put("/api/v1/deliveries/sms-gateway", json={"url": url}, headers=keys["admin"])
    assert answer.status_code == 422, answer.text
    assert list(answer.json["fields"]) == ["url"]


def test_an_unknown_short_link_says_so(client: Any, company: Any) -> None:
    for address in ("/m/abcdefghijkl", "/m/abcdefghijkl/stop", "/m/x"):
        assert client.get(address, headers={"Accept": "text/html"}).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/sms",
        "http://localhost:{port}/sms",
        "http://0.0.0.0:{port}/sms",
        "http://[::1]:{port}/sms",
        "http://[::ffff:127.0.0.1]:{port}/sms",
        "http://2130706433:{port}/sms",
        "http://127.1:{port}/sms",
        "http://0x7f.1:{port}/sms",
    ],
)
def test_our_own_network_is_not_called(gateway: Any, url: str) -> None:
    port = gateway.url.rsplit(":", 1)[1].split("/")[0]
    with pytest.raises(SendingFailed, match="private network") as caught:
        egress.post(url.format(port=port), b"{}", {})
    assert caught.value.permanent
    assert gateway.calls == []


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.0.0.1", False),
        ("172.16.9.9", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
    ],
)
def test_it_knows_inside_from_outside(address: str, outside: bool) -> None:
    assert egress.is_outside(address) is outside
