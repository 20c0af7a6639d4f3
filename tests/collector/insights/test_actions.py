"""An action has an owner, a day, a reminder and a result; what is open stands first due first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import changes, clock, insights, workspaces

CALL = {"title": "Call the depot", "owner": "operations", "due": "2026-11-20", "remind": "2026-11-18"}


@pytest.fixture
def address(client: FlaskClient, company: Any, keys: dict[str, Any]) -> str:
    """Where the actions of an insight are."""
    said = {"title": "The technician comes late", "touchpoint": "installed"}
    made = client.post("/api/v1/insights", json=said, headers=keys["admin"]).json
    return f"/api/v1/insights/{made['insight_id']}/actions"


def test_req_091_it_is_planned_done_and_recorded(
    client: FlaskClient, keys: Any, address: str, session: Session, company: Any, time: clock.FixedClock
) -> None:
    made = client.post(address, json=CALL, headers=keys["admin"]).json
    assert (made["state"], made["due"], made["remind"]) == ("open", "2026-11-20", "2026-11-18")
    time.move(days=3)
    done = {"state": "done", "result": "Two more vans"}
    ended = client.patch(f"{address}/{made['action_id']}", json=done, headers=keys["admin"]).json
    assert (ended["state"], ended["result"], ended["done_at"]) == ("done", "Two more vans", clock.iso(time()))
    noted = changes.changes(session, company.workspace_id, noun="action")
    assert [(row.verb, row.actor) for row in noted] == [("done", "admin"), ("planned", "admin")]
    assert noted[0].after is not None
    assert noted[0].after["result"] == "Two more vans"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"owner": "nobody"}, "unknown_stakeholder"),
        ({"remind": "2026-11-21"}, "late_reminder"),
        ({"title": " "}, "invalid_input"),
        ({"due": "soon"}, "invalid_input"),
    ],
)
def test_what_nobody_could_do_is_refused(
    client: FlaskClient, keys: Any, address: str, given: Any, code: str
) -> None:
    answer = client.post(address, json={**CALL, **given}, headers=keys["admin"])
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_one_insight_has_several_and_the_first_due_stands_first(
    client: FlaskClient, keys: Any, address: str
) -> None:
    for day in ("2026-11-25", "2026-11-19"):
        client.post(address, json={**CALL, "due": day, "remind": None}, headers=keys["admin"])
    found = client.get(address, headers=keys["read"]).json["actions"]
    assert [each["due"] for each in found] == ["2026-11-19", "2026-11-25"]


def test_a_department_sees_what_is_its_to_do(
    client: FlaskClient, keys: Any, address: str, session: Session, company: Any
) -> None:
    for owner, title in (("operations", "Drive"), ("sales", "Tell customers")):
        client.post(address, json={**CALL, "owner": owner, "title": title}, headers=keys["admin"])
    found = insights.doing.open_actions(session, company.workspace_id, ["operations"])
    assert [(action.title, action.due) for action, _of in found] == [("Drive", date(2026, 11, 20))]
    sales = workspaces.sight.Sight(company.workspace_id, workspaces.scopes.of(["sales"]))
    workspaces.sight.bind(session, sales)
    assert insights.doing.open_actions(session, company.workspace_id, None) == []  # the insight is not theirs


def test_an_action_of_another_insight_is_not_found(client: FlaskClient, keys: Any, address: str) -> None:
    made = client.post(address, json=CALL, headers=keys["admin"]).json
    said = {"title": "Another", "touchpoint": "installed"}
    other = client.post("/api/v1/insights", json=said, headers=keys["admin"]).json["insight_id"]
    strange = f"/api/v1/insights/{other}/actions/{made['action_id']}"
    answer = client.patch(strange, json={"state": "done"}, headers=keys["admin"])
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_action")


def test_all_of_ones_scope_leave_as_a_file(
    client: FlaskClient, keys: Any, address: str, session: Session, company: Any, time: clock.FixedClock
) -> None:
    client.post(address, json={**CALL, "title": "=cmd()"}, headers=keys["admin"])
    head, line = client.get("/api/v1/exports/actions.csv", headers=keys["read"]).text.splitlines()
    assert head.startswith("action_id,insight_id,title,owner,person,due")
    assert "'=cmd()" in line
    assert ",2026-11-20,2026-11-18,open," in line
    key = workspaces.mint_key(session, company, "read", "sales", time(), "tests", ["sales"])
    session.commit()
    theirs = client.get("/api/v1/exports/actions.jsonl", headers={"Authorization": f"Bearer {key.text}"})
    assert (theirs.status_code, theirs.text) == (200, "")
