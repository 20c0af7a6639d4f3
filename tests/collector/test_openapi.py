"""The OpenAPI document against the collector: whatever fits it is answered in the known shapes, and nothing is a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from collector import clock, db, workspaces
from collector.app import create_app
from collector.config import load
from collector.migrations import upgrade

FROZEN = Path(__file__).parents[2] / "docs/reference/openapi.json"
OPERATIONS = [
    (method, path)
    for path, item in json.loads(FROZEN.read_text("utf-8"))["paths"].items()
    for method in item
    if method in {"get", "post", "put", "patch", "delete"}
]
PROBLEM = {"type", "title", "status", "detail", "code", "fields"}


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, str]]]:
    """(document, headers): a collector on SQLite as schemathesis sees it, and an administrator's key."""
    url = f"sqlite:///{tmp_path_factory.mktemp('fuzz')}/fuzz.db"
    upgrade(url)
    engine = db.make_engine(url)
    settings_ = load({"AFTERWORD_DATABASE_URL": url, "AFTERWORD_SECRET_KEY": "s" * 40})
    app: Flask = create_app(settings_, engine)
    with db.make_sessions(engine).begin() as session:
        workspace = workspaces.create(session, "Fuzz", clock.system_clock())
        key = workspaces.mint_key(session, workspace, "admin", "fuzz", clock.system_clock()).text
    yield schemathesis.openapi.from_wsgi("/openapi.json", app), {"Authorization": f"Bearer {key}"}
    engine.dispose()


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda value: str(value))
def test_nothing_ends_in_a_500_or_another_shape(fuzzed: Any, method: str, path: str) -> None:
    document, headers = fuzzed

    @given(case=document[path][method.upper()].as_strategy())
    @settings(
        max_examples=8,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    def fits(case: schemathesis.Case) -> None:
        answer = case.call(headers=headers)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            problem = json.loads(answer.text)
            assert set(problem) == PROBLEM
            assert problem["status"] == answer.status_code

    fits()
