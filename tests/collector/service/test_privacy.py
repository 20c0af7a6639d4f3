"""What stays private: files, answers that nobody keeps, the collector's own figures, secrets in the log."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from collector import db
from collector.workspaces import account_links

Headers = dict[str, dict[str, str]]


def test_a_new_database_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    engine = db.make_engine(f"sqlite:///{tmp_path}/afterword.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    engine.dispose()
    assert modes == {"afterword.db": 0o600, "afterword.db-wal": 0o600, "afterword.db-shm": 0o600}


@pytest.mark.parametrize(
    "path", ["/api/v1/policy", "/api/v1/journeys", "/api/v1/decisions", "/api/v1/changes", "/api/v1/keys"]
)
def test_nobody_keeps_what_took_a_key(client: FlaskClient, company: Any, keys: Headers, path: str) -> None:
    answer = client.get(path, headers=keys["admin"])
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_metrics_are_open_to_this_machine_and_to_keys(client: FlaskClient, keys: Headers) -> None:
    assert client.get("/metrics").status_code == 200
    away: dict[str, Any] = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    assert client.get("/metrics", **away).status_code == 401
    assert client.get("/metrics", **away, headers=keys["server"]).status_code == 403
    assert client.get("/metrics", **away, headers=keys["read"]).status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 401


def test_a_fault_behind_an_accounts_link_is_logged_without_its_secret(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(account_links, "find", fail)
    monkeypatch.setattr(app, "testing", False)
    with structlog.testing.capture_logs() as lines:
        assert client.get("/welcome/a-secret-that-opens-an-account").status_code == 500
    logged = str([structlog.processors.format_exc_info(None, "error", line) for line in lines])
    assert "/welcome/<secret>" in logged
    assert "RuntimeError: broken" in logged
    assert "a-secret-that-opens-an-account" not in logged
