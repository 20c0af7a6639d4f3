"""The OpenAPI document against the collector: whatever fits it is answered as it says, whatever does not is no 500."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings

from collector import clock, db, workspaces
from collector.app import create_app
from collector.config import load
from collector.migrations import upgrade


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A collector on SQLite with an administrator's key, and its document."""
    url = f"sqlite:///{tmp_path_factory.mktemp('fuzz')}/fuzz.db"
    upgrade(url)
    engine = db.make_engine(url)
    app: Flask = create_app(load({"AFTERWORD_DATABASE_URL": url, "AFTERWORD_SECRET_KEY": "s" * 40}), engine)
    with db.make_sessions(engine).begin() as session:
        workspace = workspaces.create(session, "Fuzz", clock.system_clock())
        app.config["FUZZ_KEY"] = workspaces.mint_key(
            session, workspace, "admin", "fuzz", clock.system_clock()
        ).text
    yield schemathesis.openapi.from_wsgi("/openapi.json", app)
    engine.dispose()


schema = schemathesis.pytest.from_fixture("fuzzed")


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_ends_in_a_500_or_another_shape(case: schemathesis.Case) -> None:
    key = case.operation.schema.app.config["FUZZ_KEY"]  # type: ignore[attr-defined]
    answer = case.call(headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        problem = answer.json()
        assert set(problem) == {"type", "title", "status", "detail", "code", "fields"}
        assert problem["status"] == answer.status_code
