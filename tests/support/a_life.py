"""All that a customer can leave behind, over the real API, with a word of theirs in every text; and where it is found."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.exchange import actions as exchange
from collector.exchange import mapping
from collector.migrations.models import metadata

Headers = dict[str, dict[str, str]]
CONSENT = {"given_at": "2026-10-01T09:00:00Z"}
PLACED = """
name: cards
metric: csat
id: id
touchpoint: {column: place}
score: {column: score}
comment: {column: words}
occurred_at: {column: at}
customer: {column: who}
transaction: {column: order}
"""


def lived(
    client: FlaskClient, keys: Headers, session: Session, workspace: Any, tmp_path: Path, name: str, word: str
) -> None:
    """Everything that a customer can leave behind, with a word of theirs in every text."""

    def post(path: str, body: Any) -> Any:
        answer = client.post(path, json=body, headers=keys["server"])
        assert answer.status_code < 300, answer.text
        return answer.json

    where = {"touchpoint": "order-confirmed", "journey": "first-order", "journey_instance": f"way-{word}"}
    theirs = {**where, "customer": name, "transaction": f"order-{word}", "attributes": {"note": word}}
    token = post("/api/v1/triggers", {"triggers": [theirs]})["decisions"][0]["invitation"]["token"]
    delayed = {**theirs, "touchpoint": "installed", "transaction": f"visit-{word}", "delay": 3600}
    post("/api/v1/triggers", {"triggers": [delayed]})
    sent = {"transaction": f"order-{word}", "way": "email", "address": f"{word}@example.com"}
    post("/api/v1/deliveries", {**sent, "consent": CONSENT | {"text_version": word, "source": word}})
    answers = {"score": 2, "comment": f"The {word} was late"}
    body = {
        "token": token,
        "response_id": str(uuid.uuid4()),
        "answers": answers,
        "context": {"element": word},
    }
    post("/w/v1/responses", body)
    phoned = {
        **theirs,
        "touchpoint": "installed",
        "transaction": f"call-{word}",
        "answers": {"comment": word},
    }
    post("/api/v1/responses", {"responses": [phoned, {"touchpoint": "installed", "transaction": f"order-{word}",
                                                      "answers": {"score": 1}}]})  # fmt: skip
    post(
        "/api/v1/interactions",
        {"interactions": [theirs, {"event": "refund", "transaction": f"order-{word}"}]},
    )
    outcomes = [{"key": f"crm-{word}", "kind": "churn", "customer": name, "journey_instance": f"way-{word}"}]
    assert (
        client.put("/api/v1/outcomes", json={"outcomes": outcomes}, headers=keys["server"]).status_code == 200
    )
    file = tmp_path / "cards.csv"
    row = f"{word},order-confirmed,3,good {word},2026-11-01,{name},o-{word}\n"
    lost = f"{word}-2,nowhere {word},3,bad {word},2026-11-01,{name},o-{word}\n"
    file.write_text("id,place,score,words,at,who,order\n" + row + lost)
    plan = mapping.load(PLACED, "cards.yaml")
    list(exchange.import_responses(session, workspace, file, plan, "tests", clock.FixedClock()()))
    session.commit()


def holding(session: Session, *words: str) -> list[str]:
    """Each table and column of the whole database in which one of the words stands."""
    session.rollback()
    found = [
        f"{table.name}.{column}"
        for table in metadata.sorted_tables
        for row in session.execute(select(table)).mappings()
        for column, value in row.items()
        if any(word in str(value) for word in words)
    ]
    session.rollback()  # SQLite has one writer: leave the place to the app
    return found
