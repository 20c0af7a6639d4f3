"""``afterword panels``: members in by file with their consent, written out by pseudonym, invited to a run, and out again."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.cli import main
from collector.communities.panels import PanelAsk

PANEL = {"key": "testers", "name": "Testers", "consent": {"en": "We may ask you."}}
RUN: dict[str, Any] = {
    "key": "new-page",
    "name": "New page",
    "template": "sus",
    "touchpoint": "order-confirmed",
    "subject": "the page",
    "panel": "testers",
    "hypotheses": [{"measure": "sus", "kind": "threshold", "value": 68}],
    "design": "always_valid",
}
AGREED = ("--consent", "form-3", "--consent-at", "2026-10-01", "--consent-source", "order form")


@pytest.fixture
def call(
    client: Any, keys: Any, company: Any, database_url: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> Any:
    for path, body in (("communities", PANEL), ("runs", RUN)):
        assert client.post(f"/api/v1/{path}", json=body, headers=keys["admin"]).status_code == 201
    client.post("/api/v1/runs/new-page/start", headers=keys["admin"])
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", database_url)
    monkeypatch.setenv("AFTERWORD_SECRET_KEY", "s" * 40)

    def run(*arguments: str, code: int = 0) -> str:
        session.rollback()
        done = CliRunner().invoke(main, ["panels", *arguments], catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    return run


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "members.csv"
    path.write_text(
        "customer;email;tariff\nc-1;ada@example.com;gold\nc-2;nonsense;basic\nc-3;;=1+1\n", "utf-8"
    )
    return str(path)


def test_a_panel_goes_through_its_whole_life(call: Any, file: str, session: Session) -> None:
    tried = call("import", "testers", file, *AGREED, "--dry-run")
    assert "3 rows: 2 would be joined" in tried
    assert "1 refused, no e-mail address: line 3" in tried
    assert "0 in" in call("list")
    assert "2 joined" in call("import", "testers", file, *AGREED)
    assert "2 known" in call("import", "testers", file, *AGREED)
    assert "2 in" in call("list")
    assert "2 members are on the list" in call("invite", "new-page", "--by", "link")
    assert "0 members are on the list" in call("invite", "new-page", "--by", "link")
    call("withdraw", "c-1", "--panel", "testers")
    assert "1 in      1 left" in call("list")
    assert "1 refused, left the panel before: line 2" in call("import", "testers", file, *AGREED)
    session.expire_all()
    assert sorted(ask.state for ask in session.scalars(select(PanelAsk))) == ["ended", "waiting"]


def test_members_are_written_by_pseudonym_and_no_cell_is_a_formula(call: Any, file: str) -> None:
    call("import", "testers", file, *AGREED)
    written = call("members", "testers")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert {row["consent_text"] for row in rows} == {"form-3"}
    assert all(row["customer"].startswith("cu_") for row in rows)
    assert "ada@example.com" not in written
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


def test_what_does_not_fit_is_told_in_a_line(call: Any, file: str) -> None:
    assert "all three" in call("import", "testers", file, "--consent", "form-3", code=2)
    assert "no proof of consent" in call("import", "testers", file)
    assert "There is no such panel." in call("members", "nobody", code=2)
    assert "There is no run 'nobody'." in call("invite", "nobody", "--by", "page", code=2)
    assert "SMTP" in call("invite", "new-page", "--by", "email", code=2)
    assert "Nobody is in without a consent" in call("import", "--help")
