"""A move over the API: tried, taken once, and refused with words; the report is the command line's."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import changes
from collector.responses import Response
from tests.collector.exchange.tools.conftest import FILES

Headers = dict[str, dict[str, str]]
ROWS = b"id,submitdate,NPS,customer_id,plan\n1,2026-10-01 10:00:00,9,c-1,gold\n2,2026-10-02 10:00:00,2,c-2,\n"


def send(client: FlaskClient, key: dict[str, str], tool: str = "limesurvey", **said: Any) -> Any:
    files = said.pop("files", [(io.BytesIO(ROWS), "results.csv")])
    form = {"files": files, "touchpoint": "helpline", **said}
    return client.post(f"/api/v1/imports/from/{tool}", data=form, headers=key)


def counted(session: Session) -> int:
    found = session.scalar(select(func.count()).select_from(Response)) or 0
    session.rollback()
    return found


def test_a_trial_tells_all_and_keeps_nothing(
    client: FlaskClient, clinic: Any, keys: Headers, session: Session
) -> None:
    told = send(client, keys["admin"], dry_run="true", attribute="plan")
    assert told.status_code == 200, told.text
    (file,) = told.json["files"]
    assert (told.json["tool"], told.json["dry_run"], file["file"]) == ("LimeSurvey", True, "results.csv")
    (question,) = file["questions"]
    assert (question["metric"], question["touchpoint"], question["report"]["accepted"]) == (
        "nps",
        "helpline",
        2,
    )
    first = question["first_rows"][0]
    assert (first["answer"], first["attributes"]) == (9, {"plan": "gold"})
    assert first["customer"].startswith("cu_")
    assert counted(session) == 0
    assert not changes.changes(session, clinic.workspace_id, changes.Wanted(verb="imported"))


def test_the_same_files_are_taken_once_and_recorded(
    client: FlaskClient, clinic: Any, keys: Headers, session: Session
) -> None:
    reports = []
    for _ in range(2):
        told = send(client, keys["admin"], attribute=["plan"], not_as_asks="1")
        assert told.status_code == 200, told.text
        reports.append(told.json["files"][0]["questions"][0]["report"])
    assert [(each["accepted"], each["duplicates"]["count"]) for each in reports] == [(2, 0), (0, 2)]
    assert counted(session) == 2
    assert len(changes.changes(session, clinic.workspace_id, changes.Wanted(verb="imported"))) == 2


def test_all_files_of_a_tool_come_at_once(
    client: FlaskClient, clinic: Any, keys: Headers, session: Session
) -> None:
    names = ("responses.csv", "unsubscribes.json")
    files = [(io.BytesIO((FILES / "delighted" / name).read_bytes()), name) for name in names]
    told = send(client, keys["admin"], "delighted", files=files)
    assert {file["file"] for file in told.json["files"]} == set(names)
    assert sum(file["memory"]["taken"].get("opt_out", 0) for file in told.json["files"]) == 1
    assert counted(session) > 0


@pytest.mark.parametrize(
    ("tool", "said", "code", "field"),
    [
        ("gossip", {}, "unknown_tool", None),
        ("limesurvey", {"files": []}, "missing_file", "files"),
        ("limesurvey", {"question": "NPS=gossip"}, "bad_question", "question"),
        ("limesurvey", {"dry_run": "perhaps"}, None, "dry_run"),
        ("limesurvey", {"dryrun": "true"}, None, "dryrun"),
        ("limesurvey", {"touchpoint": "nowhere"}, None, None),
        ("limesurvey", {"sheet": "March"}, "no_sheets", None),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_kept(
    client: FlaskClient, clinic: Any, keys: Headers, session: Session, tool: str, said: Any, code: Any, field: Any
) -> None:  # fmt: skip
    refused = send(client, keys["admin"], tool, **said)
    assert 400 <= refused.status_code < 500
    assert code in (None, refused.json["code"])
    assert field is None or field in refused.json["fields"]
    assert counted(session) == 0


@pytest.mark.parametrize("kind", ["server", "read", "publishable"])
def test_only_an_admin_key_moves_in(client: FlaskClient, clinic: Any, keys: Headers, kind: str) -> None:
    assert send(client, keys[kind]).status_code in (401, 403)
