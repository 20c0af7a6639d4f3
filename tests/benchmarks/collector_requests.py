"""What customers' browsers and business systems send: the requests of each scenario, made before anything is timed."""

from __future__ import annotations

import json
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from collector_load import Unit, request
from served import Collector

from collector import signing

BATCH = 100
ANSWERS = "/w/v1/responses"


@dataclass
class Maker:
    """Makes requests for one served collector; every id in them is new."""

    collector: Collector

    def __post_init__(self) -> None:
        self.key = self.collector.keys["server_key"]
        self.kid, self.secret = self.key.split("_")[2], signing.signing_secret(self.key)


@dataclass(frozen=True)
class Scenario:
    """One kind of traffic: how its units are made, which statuses are right, and what stands beside it."""

    name: str
    make: Callable[[Maker, int], list[Unit]]
    statuses: frozenset[int]
    naive: bool = False
    calls: int = 1


def seed(maker: Maker) -> None:
    """One invitation, answered, and one interaction: what a grown database is made of."""
    answer = _answer(invite(maker, 1)[0], score=9).partition(b"\r\n\r\n")[2]
    _post(maker, ANSWERS, answer)
    step = {**_trigger(), "journey_instance": "first"}
    _post(maker, "/api/v1/interactions", _json({"interactions": [step]}))


def invite(maker: Maker, count: int) -> list[str]:
    """Tokens of so many new invitations, asked of the collector itself."""
    tokens: list[str] = []
    while len(tokens) < count:
        made = _post(maker, "/api/v1/triggers", triggers(min(500, count - len(tokens))))
        tokens += [row["invitation"]["token"] for row in made["decisions"]]
    return tokens


def triggers(count: int) -> bytes:
    """The body of a batch of triggers for customers never heard of."""
    return _json({"triggers": [_trigger() for _ in range(count)]})


def links(maker: Maker, count: int) -> list[str]:
    """Tokens as the SDK signs them: their triggers have not arrived yet."""
    now = datetime.now(UTC)
    return [signing.sign_invitation(maker.kid, maker.secret, _facts(now), now) for _ in range(count)]


def customers(maker: Maker, count: int) -> list[str]:
    """Signed tokens of customers never heard of."""
    now = datetime.now(UTC)
    soon = now + timedelta(hours=1)
    return [signing.sign_customer(maker.kid, maker.secret, _pseudonym(), soon, now) for _ in range(count)]


def answers(maker: Maker, count: int) -> list[Unit]:
    return [[_answer(token, score=9, comment="The line works, thank you")] for token in invite(maker, count)]


def score_then_comment(maker: Maker, count: int) -> list[Unit]:
    return [_both(token) for token in invite(maker, count)]


def by_link(maker: Maker, count: int) -> list[Unit]:
    return [[_answer(token, score=9)] for token in links(maker, count)]


def single_triggers(maker: Maker, count: int) -> list[Unit]:
    return [[request("POST", "/api/v1/triggers", triggers(1), maker.key)] for _ in range(count)]


def trigger_batches(maker: Maker, count: int) -> list[Unit]:
    few = max(4, count // 50)
    return [[request("POST", "/api/v1/triggers", triggers(BATCH), maker.key)] for _ in range(few)]


def surveys(maker: Maker, count: int) -> list[Unit]:
    tokens = invite(maker, min(count, 50))
    return [[request("GET", f"/w/v1/survey?token={tokens[i % len(tokens)]}")] for i in range(count)]


def nothing_pending(maker: Maker, count: int) -> list[Unit]:
    names = customers(maker, min(count, 50))
    return [[request("GET", f"/w/v1/survey?customer={names[i % len(names)]}")] for i in range(count)]


def events(maker: Maker, count: int) -> list[Unit]:
    bodies = [_json({"token": token, "event": "shown"}) for token in invite(maker, count)]
    return [[request("POST", "/w/v1/events", body)] for body in bodies]


SCENARIOS = (
    Scenario("answer", answers, frozenset({201}), naive=True),
    Scenario("score, then comment", score_then_comment, frozenset({201, 200})),
    Scenario("answer by the SDK's link", by_link, frozenset({201})),
    Scenario("trigger", single_triggers, frozenset({200})),
    Scenario("triggers x 100", trigger_batches, frozenset({200}), calls=BATCH),
    Scenario("survey", surveys, frozenset({200})),
    Scenario("nothing pending", nothing_pending, frozenset({204})),
    Scenario("event", events, frozenset({202})),
)


def _post(maker: Maker, path: str, body: bytes) -> Any:
    headers = {"Authorization": f"Bearer {maker.key}", "Content-Type": "application/json"}
    sent = urllib.request.Request(maker.collector.url + path, body, headers)
    with urllib.request.urlopen(sent, timeout=120) as answered:
        return json.load(answered)


def _both(token: str) -> list[bytes]:
    response_id = str(uuid.uuid4())
    first = _answer(token, response_id, score=3)
    return [first, _answer(token, response_id, score=3, comment="Nobody called back")]


def _answer(token: str, response_id: str = "", **given: Any) -> bytes:
    body = {"token": token, "response_id": response_id or str(uuid.uuid4()), "answers": given}
    return request("POST", ANSWERS, _json(body | {"locale": "en", "mode": "inline", "widget": "1"}))


def _trigger() -> dict[str, Any]:
    number = uuid.uuid4().hex
    return {
        "touchpoint": "order-confirmed",
        "journey": "first-order",
        "transaction": f"t-{number}",
        "customer": f"c-{number}",
        "channel": "web",
        "attributes": {"product": "fibre"},
    }


def _facts(now: datetime) -> signing.Invitation:
    own_id = uuid.uuid4()
    return signing.Invitation(
        own_id,
        own_id,
        "order-confirmed",
        now + timedelta(days=30),
        journey="first-order",
        customer=_pseudonym(),
        transaction=f"t-{own_id.hex}",
    )


def _pseudonym() -> str:
    return f"cu_{uuid.uuid4().hex[:24]}"


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()
