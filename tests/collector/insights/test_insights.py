"""An insight is filed where it hurts, goes from hand to hand, and keeps what it rests on."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from collector import changes, clock, db, errors, insights, signals, workspaces
from collector.insights import Insight, rules

SLOW = {"title": "The technician comes late", "touchpoint": "installed"}


@pytest.fixture
def filed(client: FlaskClient, company: Any, keys: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """File an insight: ``filed(title="...")`` gives it as the call answers."""

    def call(**given: Any) -> dict[str, Any]:
        answer = client.post("/api/v1/insights", json={**SLOW, **given}, headers=keys["admin"])
        assert answer.status_code == 201, answer.text
        return dict(answer.json)

    return call


@pytest.fixture
def patch(client: FlaskClient, keys: dict[str, Any]) -> Callable[..., Any]:
    """Change an insight: ``patch(insight, state="accepted")`` gives the HTTP answer."""

    def call(insight: dict[str, Any], **given: Any) -> Any:
        return client.patch(f"/api/v1/insights/{insight['insight_id']}", json=given, headers=keys["admin"])

    return call


def test_it_belongs_to_whose_the_place_is(filed: Any) -> None:
    assert filed()["owners"] == ["operations"]
    handover = filed(before="order-confirmed")
    assert (handover["kind"], handover["owners"]) == ("handover", ["operations", "sales"])
    assert filed(touchpoint=None, journey="first-order")["owners"] == ["operations", "sales"]
    assert filed(touchpoint="unasked")["owners"] == []
    assert filed(owners=["sales"])["owners"] == ["sales"]


def test_a_signal_becomes_an_insight_and_a_second_time_the_same(
    client: FlaskClient, session: Session, company: Any, keys: dict[str, Any], time: clock.FixedClock
) -> None:
    facts = {"name": "cold showers", "n": 14}
    found = signals.Found("topic", "installed", "cold", time().date(), facts)
    signal = signals.raise_signal(session, company.workspace_id, found, time())
    assert signal is not None
    signal_id = str(signal.signal_id)
    session.commit()

    def post(**given: Any) -> Any:
        return client.post("/api/v1/insights", json={"signal": signal_id, **given}, headers=keys["admin"])

    made = post()
    assert made.status_code == 201, made.text
    assert (made.json["touchpoint"], made.json["owners"]) == ("installed", ["operations"])
    assert "cold showers" in made.json["title"]
    assert post(title="Once more").json["insight_id"] == made.json["insight_id"]
    known = client.get(f"/api/v1/signals/{signal_id}", headers=keys["admin"]).json
    assert (known["state"], known["insight"]) == ("known", made.json["insight_id"])
    twice = post(touchpoint="installed")
    assert (twice.status_code, twice.json["code"]) == (422, "said_twice")
    assert post(signal=str(uuid.uuid4())).status_code == 404


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"touchpoint": None}, 422, "no_place"),
        ({"touchpoint": None, "before": "installed"}, 422, "invalid_input"),
        ({"touchpoint": "nowhere"}, 404, "unknown_touchpoint"),
        ({"journey": "nowhere"}, 404, "unknown_journey"),
        ({"owners": ["nobody"]}, 422, "unknown_stakeholder"),
        ({"title": "   "}, 422, "invalid_input"),
        ({"cites": [str(uuid.uuid4())]}, 404, "unknown_response"),
    ],
)
def test_what_has_no_place_is_refused(
    client: FlaskClient, company: Any, keys: Any, given: Any, status: int, code: str
) -> None:
    answer = client.post("/api/v1/insights", json={**SLOW, **given}, headers=keys["admin"])
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_req_049_it_goes_from_new_to_checked_with_actor_and_time(
    filed: Any, patch: Any, session: Session, time: clock.FixedClock
) -> None:
    insight = filed()
    for state in ("accepted", "working", "done", "checked"):
        time.move(hours=1)
        assert patch(insight, state=state).json["state"] == state
    noted = changes.changes(session, session.scalars(select(Insight.workspace_id)).one(), noun="insight")
    assert [row.verb for row in noted] == ["checked", "done", "working", "accepted", "filed"]
    assert {row.actor for row in noted} == {"admin"}
    assert noted[0].at == time()
    assert (noted[0].before, noted[0].after) == ({"state": "done"}, {"state": "checked"})


@pytest.mark.parametrize("before", rules.STATES)
def test_only_the_steps_that_there_are_are_taken(before: str) -> None:
    for after in rules.STATES:
        if after in rules.MOVES[before]:
            rules.check_move(before, after, "because")
        else:
            with pytest.raises(errors.BadInput):
                rules.check_move(before, after, "because")


def test_it_is_declined_with_a_reason_and_may_come_back(filed: Any, patch: Any) -> None:
    insight = filed()
    assert patch(insight, state="declined").json["code"] == "reason_needed"
    declined = patch(insight, state="declined", reason="The depot was closed that week").json
    assert (declined["state"], declined["reason"]) == ("declined", "The depot was closed that week")
    assert patch(insight, state="new").json["reason"] == ""


def test_reopened_it_is_done_no_longer(filed: Any, patch: Any) -> None:
    insight = filed()
    for state in ("accepted", "working", "done"):
        patch(insight, state=state)
    assert patch(insight, state="checked").json["done_at"]
    assert patch(insight, state="working").json["done_at"] is None


def test_who_saw_an_older_state_is_told(filed: Any, patch: Any) -> None:
    insight = filed()
    assert patch(insight, state="accepted", was="new").status_code == 200
    late = patch(insight, state="declined", was="new", reason="Known")
    assert (late.status_code, late.json["code"]) == (409, "insight_moved")


def test_of_two_at_once_one_moves_it(
    filed: Any, postgresql_url: str, engine: Engine, session: Session, time: clock.FixedClock
) -> None:
    """Two sessions on PostgreSQL read the same state; on SQLite there is one writer at a time anyway."""
    if engine.dialect.name != "postgresql":
        return
    insight_id = uuid.UUID(filed()["insight_id"])
    sessions = db.make_sessions(engine)
    with sessions() as one, sessions() as two:
        workspace_id = one.scalars(select(Insight.workspace_id)).one()
        mine, theirs = (insights.reading.get(each, workspace_id, insight_id) for each in (one, two))
        insights.move(one, mine, "accepted", "ada", time())
        told: list[str] = []

        def move() -> None:
            try:
                insights.move(two, theirs, "declined", "ben", time(), reason="Known")
            except errors.Conflict as conflict:
                told.append(conflict.code)

        waiting = threading.Thread(target=move)
        waiting.start()
        one.commit()
        waiting.join(30)
        assert told == ["insight_moved"]


def test_req_022_a_cited_answer_leaves_a_tombstone(
    client: FlaskClient, keys: Any, trigger: Any, answer: Any, filed: Any
) -> None:
    token = trigger(customer="c-late", transaction="order-1")["invitation"]["token"]
    said = answer(token, score=2, comment="Nobody came", complete=True).json
    insight = filed(cites=[said["response_id"]])
    assert insight["cites"][0] | {"occurred_at": None} == {
        "response_id": said["response_id"],
        "touchpoint": "order-confirmed",
        "state": "shown",
        "score": 2,
        "comment": "Nobody came",
        "occurred_at": None,
    }
    address = f"/api/v1/insights/{insight['insight_id']}"
    client.delete("/api/v1/customers/c-late", headers=keys["server"])
    left = client.get(address, headers=keys["admin"])
    assert (left.json["cites"][0]["state"], left.json["cites"][0]["comment"]) == ("erased", None)
    assert "Nobody came" not in left.text


def test_req_053_several_departments_see_it_and_each_only_its_customers(
    client: FlaskClient,
    keys: Any,
    trigger: Any,
    answer: Any,
    filed: Any,
    session: Session,
    company: Any,
    time: clock.FixedClock,
) -> None:
    token = trigger(customer="c-1")["invitation"]["token"]
    said = answer(token, score=2, comment="Nobody came", complete=True).json
    shared = filed(before="order-confirmed", cites=[said["response_id"]])
    own = filed(touchpoint="order-confirmed")
    for department, seen, cited in (
        ("operations", {shared["insight_id"]}, "out_of_scope"),
        ("sales", {shared["insight_id"], own["insight_id"]}, "shown"),
    ):
        key = workspaces.mint_key(session, company, "read", department, time(), "tests", [department])
        session.commit()
        headers = {"Authorization": f"Bearer {key.text}"}
        found = client.get("/api/v1/insights", headers=headers).json["insights"]
        assert {each["insight_id"] for each in found} == seen
        address = f"/api/v1/insights/{shared['insight_id']}"
        assert client.get(address, headers=headers).json["cites"][0]["state"] == cited


def test_people_talk_about_it_and_attach_things(client: FlaskClient, keys: Any, filed: Any) -> None:
    address = f"/api/v1/insights/{filed()['insight_id']}"
    headers = keys["admin"]
    assert client.post(f"{address}/comments", json={"text": "Since May"}, headers=headers).status_code == 201
    link = {"url": "https://tickets.example.com/7", "title": "Ticket 7"}
    assert client.post(f"{address}/links", json=link, headers=headers).status_code == 201
    bad = client.post(f"{address}/links", json={"url": "javascript:alert(1)"}, headers=headers)
    assert (bad.status_code, bad.json["code"]) == (422, "bad_link")
    whole = client.get(address, headers=headers).json
    assert [each["text"] for each in whole["comments"]] == ["Since May"]
    assert [(each["url"], each["title"]) for each in whole["links"]] == [tuple(link.values())]


def test_the_list_is_paged_and_filtered(client: FlaskClient, keys: Any, filed: Any, patch: Any) -> None:
    made = [filed(title=f"Insight {number}") for number in range(5)]
    patch(made[0], state="declined", reason="No")
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = client.get("/api/v1/insights", query_string=query, headers=keys["read"]).json
        seen += [each["title"] for each in page["insights"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == [f"Insight {number}" for number in range(4, -1, -1)]
    for asked, found in (({"state": "open"}, 4), ({"state": "declined"}, 1), ({"owner": "sales"}, 0),
                         ({"touchpoint": "installed"}, 5), ({"journey": "first-order"}, 0)):  # fmt: skip
        page = client.get("/api/v1/insights", query_string=asked, headers=keys["read"]).json
        assert len(page["insights"]) == found, asked


def test_all_leave_as_a_file_that_a_spreadsheet_may_open(client: FlaskClient, keys: Any, filed: Any) -> None:
    filed(title="=cmd()")
    text = client.get("/api/v1/exports/insights.csv", headers=keys["read"]).text
    head, line = text.splitlines()
    assert head.startswith("insight_id,kind,touchpoint")
    assert "'=cmd()" in line
    lines = client.get("/api/v1/exports/insights.jsonl", headers=keys["read"]).text.splitlines()
    assert len(lines) == 1
