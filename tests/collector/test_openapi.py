"""The OpenAPI document is true: each call, as it is meant and as nobody means it, is answered as the document says."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import own_postgresql
import pytest
import schemathesis
import yaml
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from served import COMPANY

from collector import clock, db, signals, workspaces
from collector.config import load
from collector.migrations import upgrade
from collector.service.app import create_app

FROZEN = Path(__file__).parents[2] / "docs/reference/openapi.json"
CALLS = yaml.safe_load(Path(__file__).with_name("openapi_calls.yaml").read_text("utf-8"))
METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = {"type", "title", "status", "detail", "code", "fields"}
CONFORMS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
MORE = {
    "stakeholders": [{"key": "spare", "name": "Spare"}],
    "personas": [{"key": "renter", "name": "Renter"}, {"key": "spare", "name": "Spare"}],
    "touchpoints": [
        {"key": "unasked", "name": "Invoice", "channel": "email"},
        {"key": "spare", "name": "Spare", "channel": "web"},
    ],
}
VISIT = {"key": "visit-csat", "template": "csat", "touchpoint": "installed", "subject": "the visit"}
ORDER = {"touchpoint": "order-confirmed", "journey": "first-order"}
Seeded = tuple[Any, dict[str, str], dict[str, str]]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def seeded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """(document, headers, names): a small company with answers, as schemathesis sees it; what ``$name`` stands for."""
    url = f"sqlite:///{tmp_path_factory.mktemp('openapi')}/openapi.db"
    if request.param == "postgresql":
        with own_postgresql.beside(request.getfixturevalue("postgresql_server"), "openapi") as url:
            yield from _seeded(url)
    else:
        yield from _seeded(url)


def _seeded(url: str) -> Iterator[Seeded]:
    upgrade(url)
    engine = db.make_engine(url)
    app: Flask = create_app(load({"AFTERWORD_DATABASE_URL": url, "AFTERWORD_SECRET_KEY": "s" * 40}), engine)
    with db.make_sessions(engine).begin() as session:
        workspace = workspaces.create(session, "Example Telecom", clock.system_clock())
        admin, read = (
            workspaces.mint_key(session, workspace, kind, kind, clock.system_clock())
            for kind in ("admin", "read")
        )
    headers = {"Authorization": f"Bearer {admin.text}"}
    names = {"read_kid": read.text.split("_")[2], **_seed(app.test_client(), headers)}
    with db.make_sessions(engine).begin() as session:
        now = clock.system_clock()
        found = signals.Found("topic", "order-confirmed", "slow", now.date(), {"name": "slow page", "n": 14})
        raised = signals.raise_signal(session, workspace.workspace_id, found, now)
        assert raised is not None
        names["signal_id"] = str(raised.signal_id)
    yield schemathesis.openapi.from_wsgi("/openapi.json", app), headers, names
    engine.dispose()


@pytest.mark.parametrize("row", CALLS, ids=lambda row: row["call"])
def test_a_call_as_it_is_meant_is_answered_as_documented(seeded: Seeded, row: dict[str, Any]) -> None:
    document, headers, names = seeded
    method, path = row["call"].split()
    case = document[path][method].Case(
        path_parameters=_filled(row.get("path", {}), names),
        query=_filled(row.get("query", {}), names),
        **_body(row, names),
    )
    answer = case.call(headers=headers)
    assert answer.status_code == row.get("status", 200), answer.text
    case.validate_response(answer, checks=CONFORMS)


def test_every_call_of_the_document_is_made() -> None:
    paths = json.loads(FROZEN.read_text("utf-8"))["paths"]
    documented = {f"{m.upper()} {path}" for path, item in paths.items() for m in METHODS if m in item}
    assert {row["call"] for row in CALLS} == documented


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("row", CALLS, ids=lambda row: row["call"])
def test_whatever_is_sent_is_answered_as_documented(
    seeded: Seeded, row: dict[str, Any], mode: GenerationMode
) -> None:
    document, headers, names = seeded
    method, path = row["call"].split()
    operation, known = document[path][method], _filled(row.get("path", {}), names)
    cases = operation.as_strategy(generation_mode=mode)
    if known:
        cases |= operation.as_strategy(generation_mode=mode, path_parameters=known)

    @given(case=cases)
    @settings(
        max_examples=4,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    def fits(case: schemathesis.Case) -> None:
        answer = case.call(headers=headers)
        refused = [checks.negative_data_rejection] if answer.status_code != 413 else []
        case.validate_response(answer, checks=[*CONFORMS, *refused])
        if answer.status_code >= 400:
            problem = json.loads(answer.text)
            assert set(problem) == PROBLEM
            assert problem["status"] == answer.status_code

    fits()


def _seed(client: FlaskClient, headers: dict[str, str]) -> dict[str, str]:
    """A company, ten triggers, five answers, an SMS gateway, a panel; gives the tokens of two that are open."""

    def post(path: str, body: Any, method: str = "POST") -> Any:
        answer = client.open(path, method=method, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer.json

    company = yaml.safe_load(COMPANY)
    company["journeys"][0]["asking"] = {"shares": {"confirmed": 1}}
    ask = company.pop("surveys")
    spare = {**company["journeys"][0], "key": "spare", "name": "Spare"}
    more = {name: [*company.get(name, []), *items] for name, items in MORE.items()}
    post("/api/v1/journeys/apply", {**company, **more, "journeys": [*company["journeys"], spare]})
    post("/api/v1/surveys/apply", {"surveys": [*ask, VISIT]})
    triggers = [{**ORDER, "customer": f"c-{n}", "transaction": f"order-{n}"} for n in range(10)]
    decided = post("/api/v1/triggers", {"triggers": triggers})["decisions"]
    tokens = [decision["invitation"]["token"] for decision in decided]
    for number, token in enumerate(tokens[:5]):
        given = {"score": 2 * number, "comment": "So it was."}
        response_id = str(uuid.uuid4())
        post("/w/v1/responses", {"token": token, "response_id": response_id, "answers": given})
    post("/api/v1/deliveries/sms-gateway", {"url": "https://gateway.example.com/sms"}, "PUT")
    ben = post("/api/v1/people", {"email": "ben@example.com", "role": "member"})["person"]
    slow = post("/api/v1/insights", {"title": "Slow", "touchpoint": "order-confirmed"})["insight_id"]
    act = {"title": "Act", "owner": "operations", "due": "2026-12-01"}
    action = post(f"/api/v1/insights/{slow}/actions", act)["action_id"]
    hook = {"name": "CRM", "url": "https://93.184.216.34/hook", "kinds": ["insight.changed"]}
    webhook = post("/api/v1/webhooks", hook)["webhook_id"]
    inbound = post("/api/v1/inbound", {"name": "Forms", "tool": "typeform", "touchpoint": "installed"})
    event = post(f"/api/v1/webhooks/{webhook}/test", None)["event_id"]
    post("/api/v1/communities", {"key": "seeded-panel", "name": "Panel", "consent": {"en": "May we ask?"}})
    asked = {"template": "csat", "touchpoint": "installed", "subject": "the visit", "panel": "seeded-panel"}
    post("/api/v1/runs", {"key": "seeded-run", "name": "Run", **asked})
    return {
        "open": tokens[5], "seen": tokens[7], "person_id": ben["person_id"], "response_id": response_id,
        "insight_id": slow, "action_id": action, "webhook_id": webhook, "inbound_id": inbound["inbound_id"], "event_id": event,
    }  # fmt: skip


def _filled(said: Any, names: dict[str, str]) -> Any:
    """The same with each ``$name`` in its place."""
    if isinstance(said, dict):
        return {key: _filled(value, names) for key, value in said.items()}
    return names[said[1:]] if isinstance(said, str) and said.startswith("$") else said


def _body(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    if "files" in row:
        files = {
            name: [each.encode() for each in text] if isinstance(text, list) else text.encode()
            for name, text in row["files"].items()
        }
        return {"body": files, "media_type": "multipart/form-data"}
    return {"body": _filled(row["body"], names), "media_type": "application/json"} if "body" in row else {}
