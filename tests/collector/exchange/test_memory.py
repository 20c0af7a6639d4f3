"""The memory of an older system moves in: nobody who objected, or was asked a moment ago, is asked again."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector import clock, db, surveys
from collector.exchange import console

MAPPING = """\
name: cards
metric: csat
id: id
touchpoint: {column: place}
score: {column: score}
occurred_at: {column: at}
"""
SURVEY = {"key": "helpline-csat", "template": "csat", "touchpoint": "helpline", "subject": "our helpline"}
Send = Callable[[str], dict[str, Any]]
FILE = """\
kind,customer,channel,address,at,outcome,text_version,source
opt_out,c-1,,,2026-03-01,,,
asked,c-2,,,2026-10-20,answered,,
consent,c-3,email,,2026-05-02T10:00:00Z,,checkout 2026-03,checkout
withdrawal,c-3,sms,,2026-06-11,,,
bounce,,email,jo@example.com,2026-07-01,,,
opt_out,,,,,,,
asked,c-4,,,2099-01-01,,,
consent,c-4,email,,,,,
gossip,c-4,,,,,,
"""


@pytest.fixture
def send(client: FlaskClient, session: Session, clinic: Any, keys: Any) -> Send:
    """Trigger a customer at the helpline; the decision."""
    applied = client.post("/api/v1/surveys/apply", json={"surveys": [SURVEY]}, headers=keys["admin"])
    assert applied.status_code == 200, applied.text

    def call(customer: str) -> dict[str, Any]:
        item = {"touchpoint": "helpline", "customer": customer}
        answer = client.post("/api/v1/triggers", json={"triggers": [item]}, headers=keys["server"])
        return dict(answer.json["decisions"][0])

    return call


@pytest.fixture
def memory(engine: Engine, session: Session, clinic: Any, time: clock.FixedClock, tmp_path: Path) -> Any:
    """``memory(dry_run=True)`` imports the file above as the command line does; (exit code, report)."""
    workspace_id = clinic.workspace_id

    def run(**options: Any) -> tuple[int, Any]:
        session.rollback()
        (tmp_path / "memory.csv").write_text(FILE)
        out = io.StringIO()
        source = console.remembered(workspace_id, tmp_path / "memory.csv", time())
        code = console.Import(out=out, as_json=True, **options).run(db.make_sessions(engine), source)
        return code, json.loads(out.getvalue())

    return run


def test_whoever_objected_or_was_asked_is_not_asked(send: Send, memory: Any) -> None:
    memory()
    found = {customer: send(customer)["reason"] for customer in ("c-1", "c-2", "c-5")}
    assert found == {"c-1": "opted_out", "c-2": "quarantine", "c-5": "invited"}


def test_each_row_is_told(send: Send, memory: Any) -> None:
    code, report = memory()
    assert code == console.REJECTED
    assert report["rows"] == 9
    assert report["taken"] == {"opt_out": 1, "asked": 1, "consent": 1, "withdrawal": 1, "bounce": 1}
    assert sorted(row for tally in report["refused"].values() for row in tally["rows"]) == [7, 8, 9, 10]


def test_a_dry_run_says_the_same_and_changes_nothing(send: Send, memory: Any) -> None:
    _, tried = memory(dry_run=True)
    assert send("c-1")["reason"] == "invited"
    _, done = memory()
    assert tried == done


def test_the_same_file_twice_changes_nothing(send: Send, memory: Any, client: FlaskClient, keys: Any) -> None:
    memory()
    before = client.get("/api/v1/customers/c-3", headers=keys["admin"]).json
    _, again = memory()
    assert again["taken"] == {}
    assert again["known"] == {"opt_out": 1, "asked": 1, "consent": 1, "withdrawal": 1, "bounce": 1}
    assert client.get("/api/v1/customers/c-3", headers=keys["admin"]).json == before
    assert before["consented"] == ["email"]
    assert [len(kept) for kept in before["consents"].values()] == [1, 1]


def test_it_comes_in_over_http(send: Send, client: FlaskClient, keys: Any) -> None:
    body = {"facts": [{"kind": "opt_out", "customer": "c-9"}, {"kind": "bounce", "channel": "email"}]}
    tried = client.post("/api/v1/imports/memory", json={**body, "dry_run": True}, headers=keys["admin"])
    assert tried.json["taken"] == {"opt_out": 1}
    assert send("c-9")["reason"] == "invited"
    done = client.post("/api/v1/imports/memory", json=body, headers=keys["admin"])
    assert done.json == tried.json
    assert send("c-9")["reason"] == "opted_out"


def imported(engine: Engine, clinic: Any, now: Any, path: Path, text: str) -> tuple[int, str, str]:
    path.write_text(text, encoding="utf-8-sig")
    out, err = io.StringIO(), io.StringIO()
    source = console.remembered(clinic.workspace_id, path, now)
    code = console.Import(out=out, err=err).run(db.make_sessions(engine), source)
    return code, out.getvalue(), err.getvalue()


def test_a_file_of_a_german_spreadsheet_is_read(
    send: Send, engine: Engine, clinic: Any, time: clock.FixedClock, tmp_path: Path
) -> None:
    text = "kind;customer;channel;address;at;outcome;text_version;source\r\nasked;c-2;;;20.10.2026;answered;;\r\nopt_out;c-1\r\nopt_out;c-9;;;;;;;x\r\n"
    code, told, _ = imported(engine, clinic, time(), tmp_path / "memory.csv", text)
    assert (code, "1 asked" in told, "1 opt out" in told) == (3, True, True)
    assert "1 refused: not readable: wrong columns (rows 4)" in told
    assert send("c-2")["reason"] == "quarantine"


def test_a_table_of_something_else_is_refused_by_its_columns(
    send: Send, engine: Engine, clinic: Any, time: clock.FixedClock, tmp_path: Path
) -> None:
    code, _, told = imported(engine, clinic, time(), tmp_path / "x.csv", "a,b\n1,2\n")
    assert (code, "no column `kind`" in told, "a, b" in told) == (console.STOPPED, True, True)


def test_what_says_no_time_comes_twice_too(
    send: Send, client: FlaskClient, keys: Any, time: clock.FixedClock
) -> None:
    consent = {"kind": "consent", "customer": "c-3", "channel": "email", "text_version": "v1", "source": "s"}
    facts = [consent, {"kind": "opt_out", "customer": "c-1"}, {"kind": "asked", "customer": "c-2"}]
    first = client.post("/api/v1/imports/memory", json={"facts": facts}, headers=keys["admin"]).json
    time.move(days=1)
    again = client.post("/api/v1/imports/memory", json={"facts": facts}, headers=keys["admin"]).json
    assert (first["taken"], again["taken"]) == ({"consent": 1, "opt_out": 1}, {})
    assert list(again["refused"]) == ["asked needs at: when it was"]


def test_a_day_is_a_day_of_the_company(
    client: FlaskClient, session: Session, clinic: Any, keys: Any, time: clock.FixedClock
) -> None:
    clinic.timezone = "America/New_York"
    session.commit()
    consent = {"kind": "consent", "customer": "c-3", "channel": "email", "text_version": "v1", "source": "s"}
    body = {"facts": [{**consent, "at": "2026-03-01"}]}
    assert client.post("/api/v1/imports/memory", json=body, headers=keys["admin"]).json["taken"]
    kept = client.get("/api/v1/customers/c-3", headers=keys["admin"]).json["consents"]["email"]
    assert [record["at"] for record in kept] == ["2026-03-01T05:00:00Z"]


def test_one_bad_fact_is_refused_by_itself(send: Send, client: FlaskClient, keys: Any) -> None:
    facts = [{"kind": "gossip"}, {"customer": "c-8"}, {"kind": "opt_out", "customer": "c" * 257}, {"kind": "opt_out", "customer": "c-9"}]  # fmt: skip
    done = client.post("/api/v1/imports/memory", json={"facts": facts}, headers=keys["admin"])
    assert (done.status_code, done.json["taken"]) == (200, {"opt_out": 1})
    assert sorted(row for each in done.json["refused"].values() for row in each["rows"]) == [1, 2, 3]
    assert send("c-9")["reason"] == "opted_out"


@pytest.mark.parametrize(
    ("switch", "reasons"), [("", ["quarantine", "invited"]), ("false", ["invited", "invited"])]
)
def test_answers_of_lately_count_as_asks(
    send: Send, import_text: Any, time: clock.FixedClock, switch: str, reasons: list[str]
) -> None:
    day = time().date().isoformat()
    text = f"id,place,score,at,who\n1,helpline,5,{day}T00:00:00Z,c-1\n2,helpline,4,2024-01-02T00:00:00Z,c-2\n"
    more = MAPPING + "customer: {column: who}\n" + (f"counts_as_contact: {switch}\n" if switch else "")
    import_text(text, more)
    assert [send(customer)["reason"] for customer in ("c-1", "c-2")] == reasons


def test_imported_asks_stand_in_no_response_rate(
    send: Send, memory: Any, session: Session, clinic: Any
) -> None:
    memory()
    session.rollback()
    stands = surveys.get(session, clinic.workspace_id, "asked-elsewhere")
    assert (stands.state, stands.policy) == ("closed", {"imported": "asked-elsewhere"})
