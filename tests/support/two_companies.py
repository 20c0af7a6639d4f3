"""Two companies of two departments each, and everybody who may call there: what the access matrix is tried on."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from collector import invitations, journeys, signals, signing, surveys, workspaces
from collector.surveys.schemas import SurveysIn
from collector.workspaces import people, sign_ins

KEYS = (
    ("server", None),
    ("read", None),
    ("analyst", None),
    ("admin", None),
    ("publishable", None),
    ("server", ["sales"]),
    ("read", ["sales"]),
    ("analyst", ["sales"]),
)
PEOPLE = (
    ("administrator", None),
    ("editor", None),
    ("editor", ["sales"]),
    ("member", None),
    ("member", ["sales"]),
)
PLACES = {"sales": "order-confirmed", "operations": "installed"}


@dataclass(frozen=True)
class Caller:
    """Somebody who calls: with which headers, as what, and with a scope or not."""

    name: str
    kind: str
    company: str
    headers: dict[str, str] = field(hash=False, default_factory=dict)
    scoped: bool = False

    @property
    def is_person(self) -> bool:
        return self.kind in {"administrator", "editor", "member"}


@dataclass
class Company:
    """One company; ``words`` is, per department, what only somebody in whose scope it lies may read."""

    workspace: Any
    callers: list[Caller]
    words: dict[str, list[str]]
    ids: dict[str, str]


def build(app: Flask, session: Session, name: str, definitions: Any, bindings: Any, now: Any) -> Company:
    """A company with its keys and people; each department has a customer who answered, with a comment."""
    workspace = workspaces.create(session, name, now)
    journeys.apply(session, workspace.workspace_id, definitions, "tests", now)
    surveys.apply(
        session, workspace.workspace_id, SurveysIn().load({"surveys": bindings})["surveys"], "tests", now
    )
    ids: dict[str, str] = {}
    callers = [*_keys(session, workspace, name, now, ids), *_people(app, session, workspace, name, now, ids)]
    session.commit()
    server = next(each for each in callers if each.kind == "server" and not each.scoped)
    words = {owner: _answer(app, server, workspace, name, owner, ids) for owner in PLACES}
    admin = next(each for each in callers if each.kind == "admin")
    for owner, theirs in words.items():
        theirs.append(_insight(app, admin, name, owner, ids))
    for owner, theirs in words.items():
        theirs.append(_run(app, admin, name, owner, ids))
    for owner, theirs in words.items():
        theirs.append(_signal(session, workspace, name, owner, now, ids))
    session.commit()
    return Company(workspace, callers, words, ids)


def names() -> list[str]:
    """What the callers of a company are called."""
    return [
        *(f"{kind} key{_of(scope)}" for kind, scope in KEYS),
        *(f"{role}{_of(scope)}" for role, scope in PEOPLE),
    ]


@contextmanager
def undone(app: Flask, engine: Engine) -> Iterator[None]:
    """What is called within is taken back, commits included."""
    before = {name: app.extensions[name] for name in ("afterword_sessions", "afterword_triggers")}
    with engine.connect().execution_options(afterword_begin="BEGIN DEFERRED") as connection:
        transaction = connection.begin()
        app.extensions["afterword_sessions"] = sessionmaker(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        app.extensions["afterword_triggers"] = invitations.Lane(app.extensions["afterword_sessions"])
        try:
            yield
        finally:
            app.extensions.update(before)
            transaction.rollback()


def _keys(session: Session, workspace: Any, company: str, now: Any, ids: dict[str, str]) -> Iterator[Caller]:
    for kind, scope in KEYS:
        made = workspaces.mint_key(session, workspace, kind, f"{company} {kind}", now, "tests", scope)
        ids["keys"] = made.kid
        yield Caller(
            f"{kind} key{_of(scope)}", kind, company, {"Authorization": f"Bearer {made.text}"}, bool(scope)
        )


def _people(
    app: Flask, session: Session, workspace: Any, company: str, now: Any, ids: dict[str, str]
) -> Iterator[Caller]:
    secret_key = app.extensions["afterword_config"].secret_key
    for role, scope in PEOPLE:
        email = f"{company}-{role}{len(scope or ())}@example.com"
        person = people.add_person(
            session, workspace.workspace_id, email, email, "a long enough password", now, role, scope
        )
        cookie = sign_ins.begin(session, person, now, "tests")
        form = signing.sign_form(secret_key, hashlib.sha256(cookie.encode()).hexdigest())
        ids["people"] = str(person.person_id)
        headers = {"Cookie": f"afterword={cookie}", "X-CSRF": form}
        yield Caller(f"{role}{_of(scope)}", role, company, headers, bool(scope))


def _of(scope: list[str] | None) -> str:
    return f" of {', '.join(scope)}" if scope else ""


def _answer(
    app: Flask, server: Caller, workspace: Any, company: str, owner: str, ids: dict[str, str]
) -> list[str]:
    """A customer of a department is asked, answers and is met; what tells of them."""
    client, who = app.test_client(), f"{company}-{owner}"
    said = {
        "touchpoint": PLACES[owner],
        "journey": "first-order",
        "journey_instance": f"way-{who}",
        "customer": f"customer-{who}",
        "transaction": f"order-{who}",
    }
    answer = client.post("/api/v1/triggers", json={"triggers": [said]}, headers=server.headers)
    invitation = answer.json["decisions"][0]["invitation"]
    assert invitation, answer.text
    given = {
        "token": invitation["token"],
        "response_id": str(uuid.uuid4()),
        "answers": {"score": 3, "comment": f"comment-{who}"},
        "complete": True,
    }
    assert client.post("/w/v1/responses", json=given).status_code == 201
    ids[f"response-{owner}"] = given["response_id"]
    pseudonym = workspaces.pseudonym_of(workspace, said["customer"])
    return [f"comment-{who}", pseudonym, f"order-{who}", f"way-{who}", invitation["token"]]


def _signal(session: Session, workspace: Any, company: str, owner: str, now: Any, ids: dict[str, str]) -> str:
    """A department has a signal; what it tells of."""
    topic = f"signal-{company}-{owner}"
    day = now.date().isoformat()
    facts = {"name": topic, "topic_id": "0" * 12, "n": 5, "unhappy": 3, "from": day, "to": day}
    found = signals.Found("topic", PLACES[owner], topic, now.date(), facts)
    row = signals.raise_signal(session, workspace.workspace_id, found, now)
    assert row is not None
    ids[f"signal-{owner}"] = str(row.signal_id)
    return topic


def _run(app: Flask, admin: Caller, company: str, owner: str, ids: dict[str, str]) -> str:
    """A department drafts a community run; its name."""
    told = f"run-{company}-{owner}"
    hypothesis = {"measure": "csat", "kind": "threshold", "value": 80}
    said = {"key": f"run-{owner}", "name": told, "template": "csat", "touchpoint": PLACES[owner], "subject": "it",
            "hypotheses": [hypothesis]}  # fmt: skip
    made = app.test_client().post("/api/v1/runs", json=said, headers=admin.headers)
    assert made.status_code == 201, made.text
    ids[f"run-{owner}"] = made.json["key"]
    return told


def _insight(app: Flask, admin: Caller, company: str, owner: str, ids: dict[str, str]) -> str:
    """A department has an insight, which cites its customer, and an action; its title."""
    said = {
        "touchpoint": PLACES[owner],
        "title": f"insight-{company}-{owner}",
        "cites": [ids[f"response-{owner}"]],
    }
    client = app.test_client()
    made = client.post("/api/v1/insights", json=said, headers=admin.headers)
    assert made.status_code == 201, made.text
    ids[f"insight-{owner}"] = made.json["insight_id"]
    planned = {"title": f"insight-{company}-{owner}: act", "owner": owner, "due": "2026-12-01"}
    action = client.post(
        f"/api/v1/insights/{made.json['insight_id']}/actions", json=planned, headers=admin.headers
    )
    assert action.status_code == 201, action.text
    ids[f"action-{owner}"] = action.json["action_id"]
    return said["title"]
