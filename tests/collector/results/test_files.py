"""A run's answers as files: singly only of who agreed to it, counts of five and more, nothing early, nobody else's."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from collector.cli import main

PANEL = {
    "key": "testers",
    "name": "Testers",
    "one_by_one": True,
    "consent": {"en": "You may read my answers."},
}
RUN: dict[str, Any] = {
    "panel": "testers",
    "template": "umux_lite",
    "variants": [],
    "hypotheses": [{"measure": "umux_lite", "kind": "threshold", "value": 50}],
    "design": "fixed",
    "n": 6,
}


@pytest.fixture
def members(client: Any, keys: Any, company: Any) -> None:
    client.post("/api/v1/communities", json=PANEL, headers=keys["admin"])
    for text, numbers in (("testers-1", range(2)), ("other", range(2, 7))):
        agreed = {"text": text, "at": "2026-10-01T09:00:00Z", "source": "form"}
        rows = [{"customer": f"m-{n}", "tariff": "=gold"} for n in numbers]
        body = {"community": "testers", "consent": agreed, "members": rows}
        assert client.post("/api/v1/members", json=body, headers=keys["admin"]).status_code == 200


def read(client: Any, headers: Any, what: str) -> list[dict[str, str]]:
    given = client.get(f"/api/v1/runs/new-page/{what}.csv", headers=headers)
    assert given.status_code == 200, given.text
    return list(csv.DictReader(io.StringIO(given.text)))


@pytest.mark.usefixtures("members")
def test_the_data_leaves_as_the_members_agreed_and_not_before_the_number_is_there(
    client: Any,
    keys: Any,
    make: Any,
    trigger: Any,
    answer: Any,
    session: Session,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make(**RUN)
    for n in range(7):
        if n == 5:
            assert (read(client, keys["read"], "answers"), read(client, keys["read"], "counts")) == ([], [])
        token = trigger(customer=f"m-{n}", transaction=f"t-{n}")["invitation"]["token"]
        assert answer(token, complete=True, useful=6, easy=5 + n % 2, comment="=1+1").status_code == 201
    singly = read(client, keys["read"], "answers")
    assert len(singly) == 2
    assert {row["useful"] for row in singly} == {"6"}
    assert {row["comment"] for row in singly} == {"'=1+1"}
    assert {row["umux_lite"] for row in singly} == {"83.33", "75.0"}
    assert all(row["customer"].startswith("cu_") for row in singly)
    counts = read(client, keys["read"], "counts")
    assert {row["of"] for row in counts} == {"7"}
    easy = {row["answer"]: row["n"] for row in counts if "easy" in row["question"]}
    assert (easy["5"], easy["6"]) == ("4", "3")
    noted = client.get("/api/v1/changes", headers=keys["admin"]).json["changes"]
    assert {"run_answers", "run_counts"} <= {each["noun"] for each in noted}
    session.rollback()
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", database_url)
    monkeypatch.setenv("AFTERWORD_SECRET_KEY", "s" * 40)
    told = CliRunner().invoke(main, ["runs", "export", "new-page"], catch_exceptions=False)
    assert list(csv.DictReader(io.StringIO(told.output))) == singly
    told = CliRunner().invoke(main, ["runs", "export", "new-page", "--counts"], catch_exceptions=False)
    assert list(csv.DictReader(io.StringIO(told.output))) == counts


def test_a_run_of_another_company_is_not_there(client: Any, keys: Any, make: Any) -> None:
    make()
    assert client.get("/api/v1/runs/nobodys/answers.csv", headers=keys["read"]).status_code == 404
    assert client.get("/api/v1/runs/new-page/counts.csv", headers=keys["server"]).status_code == 403
