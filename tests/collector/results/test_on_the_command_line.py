"""``afterword runs``: which runs there are, how far one is and what it came to, and the end of one."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from collector.cli import main


def test_a_run_is_listed_shown_and_stopped(
    make: Any, trigger: Any, answer: Any, session: Session, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(hypotheses=[{"measure": "csat", "kind": "threshold", "value": 50}], variants=[])
    for number in range(6):
        token = trigger(customer=f"c-{number}", transaction=f"t-{number}")["invitation"]["token"]
        assert answer(token, complete=True, score=5).status_code == 201
    session.rollback()
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", database_url)
    monkeypatch.setenv("AFTERWORD_SECRET_KEY", "s" * 40)

    def call(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, ["runs", *arguments], catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    assert call("list").split()[:3] == ["new-page", "running", "order-confirmed"]
    assert "Invited 6, opened 6, started 6, finished 6." in call("show", "new-page")
    assert "New confirmation page: concluded" in call("stop", "new-page")
    assert call("list").split()[1] == "concluded"
    assert "only a running one ends" in call("stop", "new-page", code=2)
    assert "There is no run 'nobody'." in call("show", "nobody", code=2)
