"""The right to be forgotten: after it, no table holds a word of the customer, and everyone else keeps theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import a_life
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.config import Config, load
from collector.interactions import Interaction
from collector.invitations import Subject
from collector.kpis import rollups
from collector.kpis.models import Rollup
from collector.responses import Response

Headers = dict[str, dict[str, str]]
WORD = "zebrafinch"
"""Stands in everything that is the customer's, and nowhere else."""


@pytest.fixture
def config(database_url: str) -> Config:
    """As elsewhere, with a mail server (none is met)."""
    settings = {"SMTP_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "survey@example.com"}
    given = {"DATABASE_URL": database_url, "SECRET_KEY": "s" * 40, **settings}
    return load({f"AFTERWORD_{name}": value for name, value in given.items()})


@pytest.fixture
def erase(client: FlaskClient, keys: Headers) -> Callable[[str], dict[str, int]]:
    def call(customer: str) -> dict[str, int]:
        answer = client.delete(f"/api/v1/customers/{customer}", headers=keys["server"])
        assert answer.status_code == 200, answer.text
        return dict(answer.json["erased"])

    return call


def _joined(client: FlaskClient, keys: Headers, customer: str, word: str) -> None:
    """A customer is in a panel, and can be reached."""
    consent = {"text": word, "at": "2026-10-01T09:00:00Z", "source": word}
    member = {"customer": customer, "email": f"{word}@example.com", "name": word, "likes": word}
    said = {"community": "testers", "consent": consent, "members": [member]}
    answer = client.post("/api/v1/members", json=said, headers=keys["server"])
    assert answer.json["joined"] == 1, answer.text


def test_no_table_holds_a_word_of_the_customer_afterwards(
    client: FlaskClient,
    company: Any,
    keys: Headers,
    session: Session,
    tmp_path: Path,
    erase: Callable[[str], dict[str, int]],
    time: clock.FixedClock,
) -> None:
    hook = {
        "name": "CRM",
        "url": "https://93.184.215.14/hooks",
        "kinds": ["response.completed", "decision.made"],
    }
    assert client.post("/api/v1/webhooks", json=hook, headers=keys["admin"]).status_code == 201
    panel = {"key": "testers", "name": "Testers", "consent": {"en": "May we ask you?"}}
    assert client.post("/api/v1/communities", json=panel, headers=keys["admin"]).status_code == 201
    for customer, word in (("c-1", WORD), ("c-2", "nightjar")):
        a_life.lived(client, keys, session, company, tmp_path, customer, word)
        _joined(client, keys, customer, word)
    rollups.count(session, time.move(minutes=5))
    session.commit()
    pseudonym = workspaces.pseudonym_of(company, "c-1")
    assert len(set(a_life.holding(session, WORD, pseudonym))) > 25
    before = a_life.holding(session, "nightjar")
    assert erase("c-1") == {
        "events": 4, "signals": 0, "counted": 3, "imported_rows": 1, "outcomes": 1, "follow_ups": 0, "deliveries": 1, "responses": 4, "triggers": 2, "test_orders": 0, "interactions": 2, "pseudonyms": 0, "members": 1,
    }  # fmt: skip
    assert a_life.holding(session, WORD, pseudonym) == []
    assert a_life.holding(session, "nightjar") == before
    assert set(erase("c-1").values()) == {0}


def test_no_file_no_export_and_no_log_holds_a_word_afterwards(
    client: FlaskClient,
    sqlite_url: str,
    database_url: str,
    company: Any,
    keys: Headers,
    session: Session,
    tmp_path: Path,
    erase: Callable[[str], dict[str, int]],
    time: clock.FixedClock,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    a_life.lived(client, keys, session, company, tmp_path, "c-1", WORD)
    rollups.count(session, time.move(minutes=5))
    session.commit()
    session.close()
    files = [] if database_url != sqlite_url else list(Path(sqlite_url[10:]).parent.glob("afterword.db*"))
    assert not files or any(WORD.encode() in file.read_bytes() for file in files)
    erase("c-1")
    assert [file.name for file in files if file.exists() and WORD.encode() in file.read_bytes()] == []
    export = client.get("/api/v1/exports/responses.jsonl", headers=keys["admin"]).text
    assert WORD not in export + caplog.text + "".join(capsys.readouterr())


def test_the_figures_lose_what_was_counted(
    client: FlaskClient,
    company: Any,
    keys: Headers,
    session: Session,
    tmp_path: Path,
    erase: Callable[[str], dict[str, int]],
    time: clock.FixedClock,
) -> None:
    a_life.lived(client, keys, session, company, tmp_path, "c-1", WORD)
    rollups.count(session, time.move(minutes=5))
    session.commit()
    assert session.scalar(select(func.sum(Rollup.n))) == 3
    session.rollback()
    erase("c-1")
    assert session.scalar(select(func.sum(Rollup.n))) == 0


def test_an_objection_outlives_the_erasure_and_nothing_beside_it(
    client: FlaskClient, company: Any, keys: Headers, session: Session, erase: Callable[[str], dict[str, int]]
) -> None:
    record = {"channel": "email", "text_version": "1", "source": WORD}
    client.post("/api/v1/customers/c-1/consents", json=record, headers=keys["server"])
    client.put("/api/v1/customers/c-1/opt-out", headers=keys["server"])
    erase("c-1")
    kept = session.scalars(select(Subject)).one()
    assert kept.opted_out_at is not None
    assert kept.consents == {}


def test_a_customer_may_be_named_by_pseudonym(
    client: FlaskClient, company: Any, keys: Headers, session: Session, erase: Callable[[str], dict[str, int]]
) -> None:
    body = {"interactions": [{"touchpoint": "installed", "customer": "c-1"}]}
    client.post("/api/v1/interactions", json=body, headers=keys["server"])
    assert erase(workspaces.pseudonym_of(company, "c-1"))["interactions"] == 1


def test_what_names_nobody_and_no_transaction_stays(
    client: FlaskClient, company: Any, keys: Headers, session: Session, erase: Callable[[str], dict[str, int]]
) -> None:
    body = {"interactions": [{"touchpoint": "installed"}, {"touchpoint": "installed", "customer": "c-1"}]}
    client.post("/api/v1/interactions", json=body, headers=keys["server"])
    erase("c-1")
    assert session.scalar(select(func.count()).select_from(Interaction)) == 1


def test_the_comments_of_others_stay(
    client: FlaskClient,
    trigger: Callable[..., Any],
    answer: Callable[..., Any],
    session: Session,
    erase: Callable[[str], dict[str, int]],
) -> None:
    for name in ("c-1", "c-2"):
        answer(trigger(customer=name)["invitation"]["token"], score=9, comment=f"from {name}")
    erase("c-1")
    assert session.scalars(select(Response.comment)).all() == ["from c-2"]
