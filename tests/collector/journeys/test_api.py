"""Definitions over the API: read with a read key, changed with an admin key, never in silence."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, journeys, workspaces
from collector.journeys import CHANNELS

Headers = dict[str, dict[str, str]]
Document = dict[str, Any]


def test_a_document_is_applied_and_read_back(client: FlaskClient, keys: Headers, applied: Document) -> None:
    journey = client.get("/api/v1/journeys/first-order", headers=keys["read"])
    assert (journey.json["version"], journey.json["applied_by"]) == (1, "admin")
    assert journey.headers["ETag"] == '"1"'
    assert journey.json["phases"][1]["steps"][0]["expectation"] == 1
    assert journey.json["phases"][0]["key"] == "order"
    touchpoint = client.get("/api/v1/touchpoints/installed", headers=keys["read"]).json
    assert (touchpoint["owners"], touchpoint["channel"], touchpoint["revision"]) == (
        ["operations"],
        "in_person",
        1,
    )


def test_a_dry_run_shows_the_plan_and_changes_nothing(
    client: FlaskClient, keys: Headers, smallest: Document
) -> None:
    answer = client.post("/api/v1/journeys/apply", json={**smallest, "dry_run": True}, headers=keys["admin"])
    assert answer.json["counts"] == {"create": 5, "change": 0, "version": 0, "restore": 0, "unchanged": 0}
    assert client.get("/api/v1/journeys", headers=keys["read"]).json == {"journeys": [], "next": None}


def test_what_was_got_can_be_put_back(client: FlaskClient, keys: Headers, applied: Document) -> None:
    got = client.get("/api/v1/journeys/first-order", headers=keys["admin"])
    stored = ("version", "archived_at", "applied_at", "applied_by")
    body = {name: value for name, value in got.json.items() if name not in stored}
    same = client.put("/api/v1/journeys/first-order", json={**body, "revision": 1}, headers=keys["admin"])
    assert (same.status_code, same.json["version"]) == (200, 1)
    body["phases"].reverse()
    moved = client.put("/api/v1/journeys/first-order", json={**body, "revision": 1}, headers=keys["admin"])
    assert (moved.json["version"], moved.json["phases"][0]["name"]) == (2, "Installation")
    first = client.get("/api/v1/journeys/first-order/versions/1", headers=keys["read"]).json
    assert first["phases"][0]["name"] == "Order"
    versions = client.get("/api/v1/journeys/first-order/versions", headers=keys["read"]).json["versions"]
    assert [version["version"] for version in versions] == [1, 2]


def test_a_patch_changes_what_it_sends_only(client: FlaskClient, keys: Headers, applied: Document) -> None:
    headers = {**keys["admin"], "If-Match": '"1"'}
    answer = client.patch("/api/v1/touchpoints/installed", json={"tags": ["differentiator"]}, headers=headers)
    assert (answer.json["tags"], answer.json["owners"], answer.headers["ETag"]) == (
        ["differentiator"],
        ["operations"],
        '"2"',
    )
    found = client.get("/api/v1/touchpoints?tag=differentiator", headers=keys["read"]).json["touchpoints"]
    assert [item["key"] for item in found] == ["installed"]


def test_a_change_of_something_changed_meanwhile_is_refused(
    client: FlaskClient, keys: Headers, applied: Document
) -> None:
    headers = {**keys["admin"], "If-Match": '"1"'}
    client.patch("/api/v1/stakeholders/sales", json={"name": "Sales and shops"}, headers=headers)
    late = client.patch("/api/v1/stakeholders/sales", json={"name": "Shops"}, headers=headers)
    assert (late.status_code, late.json["code"], late.json["fields"]) == (
        412,
        "stale_revision",
        {"revision": ["is 2 now"]},
    )
    unsaid = client.patch("/api/v1/stakeholders/sales", json={"name": "Shops"}, headers=keys["admin"])
    assert (unsaid.status_code, unsaid.json["code"]) == (422, "revision_needed")
    blind = client.put("/api/v1/stakeholders/sales", json={"name": "Shops"}, headers=keys["admin"])
    assert (blind.status_code, blind.json["code"]) == (409, "known_key")
    assert client.get("/api/v1/stakeholders/sales", headers=keys["read"]).json["name"] == "Sales and shops"


def test_what_is_in_use_stays_and_what_is_not_is_archived(
    client: FlaskClient, keys: Headers, applied: Document
) -> None:
    used = client.delete("/api/v1/touchpoints/installed?revision=1", headers=keys["admin"])
    assert (used.status_code, used.json["code"]) == (409, "in_use")
    made = client.put("/api/v1/personas/mover", json={"name": "Mara"}, headers=keys["admin"])
    assert made.json["archived_at"] is None
    gone = client.delete("/api/v1/personas/mover?revision=1", headers=keys["admin"])
    assert gone.json["archived_at"] == "2026-11-02T10:00:00Z"
    assert client.get("/api/v1/personas", headers=keys["read"]).json["personas"] == []
    archived = client.get("/api/v1/personas?archived=true", headers=keys["read"]).json["personas"]
    assert [item["key"] for item in archived] == ["mover"]


def test_every_change_is_on_record(client: FlaskClient, keys: Headers, applied: Document) -> None:
    headers = {**keys["admin"], "If-Match": '"1"'}
    client.patch("/api/v1/touchpoints/installed", json={"name": "Visit"}, headers=headers)
    answer = client.get("/api/v1/changes?noun=touchpoint&key=installed&limit=1", headers=keys["read"]).json
    (change,) = answer["changes"]
    assert (change["actor"], change["verb"], change["after"]["name"]) == ("admin", "change", "Visit")
    older = client.get(f"/api/v1/changes?key=installed&cursor={answer['next']}", headers=keys["read"]).json
    assert [(change["verb"], change["before"]) for change in older["changes"]] == [("create", None)]


def test_req_002_five_hundred_touchpoints_are_listed_filtered_and_paged(
    client: FlaskClient, keys: Headers
) -> None:
    touchpoints = [
        {"key": f"t{number:03}", "name": f"Touchpoint {number}", "channel": CHANNELS[number % 6]}
        for number in range(500)
    ]
    for touchpoint in touchpoints[:10]:
        touchpoint["systems"] = ["CRM", "Billing"]
        touchpoint["stage"] = "after"
    client.post("/api/v1/journeys/apply", json={"touchpoints": touchpoints}, headers=keys["admin"])
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(f"/api/v1/touchpoints?limit=120&cursor={cursor}", headers=keys["read"]).json
        seen += [item["key"] for item in page["touchpoints"]]
        cursor = page["next"]
    assert seen == [f"t{number:03}" for number in range(500)]
    for query, count in {
        "channel=web": 84,
        "system=CRM": 10,
        "stage=after": 10,
        "search=touchpoint 49": 11,
        "unowned=true": 500,
        "owner=sales": 0,
        "tag=none": 0,
        "system=CRM&channel=web": 2,
    }.items():
        found = client.get(f"/api/v1/touchpoints?limit=500&{query}", headers=keys["read"]).json
        assert len(found["touchpoints"]) == count, query


def test_req_046_a_touchpoint_without_owner_is_on_the_unowned_list(
    client: FlaskClient, keys: Headers, applied: Document
) -> None:
    client.put("/api/v1/touchpoints/fax", json={"name": "Fax", "channel": "letter"}, headers=keys["admin"])
    found = client.get("/api/v1/touchpoints?unowned=true", headers=keys["read"]).json["touchpoints"]
    assert [item["key"] for item in found] == ["fax"]


def test_req_109_which_touchpoints_use_a_system(
    client: FlaskClient, keys: Headers, applied: Document
) -> None:
    body = {"name": "Hotline", "channel": "phone", "systems": ["CRM (Süd)", "Telephony"]}
    client.put("/api/v1/touchpoints/hotline", json=body, headers=keys["admin"])
    found = client.get("/api/v1/touchpoints", query_string={"system": "CRM (Süd)"}, headers=keys["read"])
    assert [item["key"] for item in found.json["touchpoints"]] == ["hotline"]


def test_req_114_a_hundred_journeys_for_ten_personas_are_searched_and_filtered(
    client: FlaskClient,
    keys: Headers,
    session: Session,
    workspace: Any,
    time: clock.FixedClock,
    applied: Document,
) -> None:
    wid = workspace.workspace_id
    first = journeys.get(session, wid, "first-order")
    personas = tuple(journeys.Persona(f"p{number}", f"Persona {number}") for number in range(10))
    many = tuple(
        dataclasses.replace(
            first,
            key=f"j{number:02}",
            name=f"Journey {number}",
            scenario="repair" if number % 4 == 0 else "order",
            personas=(f"p{number % 10}",),
        )
        for number in range(100)
    )
    journeys.apply(session, wid, journeys.Definitions(personas=personas, journeys=many), "anna", time())
    session.commit()
    for query, count in {
        "search=journey 9": 11,
        "persona=p3": 10,
        "scenario=repair": 25,
        "owner=sales": 101,
        "touchpoint=installed&search=journey": 100,
    }.items():
        found = client.get(f"/api/v1/journeys?limit=500&{query}", headers=keys["read"]).json
        assert len(found["journeys"]) == count, query
    page = client.get("/api/v1/journeys?limit=40", headers=keys["read"]).json
    assert (len(page["journeys"]), page["next"]) == (40, "j38")
    assert (page["journeys"][0]["steps"], page["journeys"][0]["touchpoints"]) == (
        2,
        ["order-confirmed", "installed"],
    )


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("get", "/journeys/nowhere", None, 404, "unknown_journey"),
        ("get", "/journeys/first-order/versions/9", None, 404, "unknown_version"),
        ("get", "/touchpoints/nowhere", None, 404, "unknown_touchpoint"),
        ("get", "/touchpoints?channel=fax", None, 422, "invalid_input"),
        ("get", "/touchpoints?colour=red", None, 422, "invalid_input"),
        ("patch", "/touchpoints/nowhere", {"name": "x", "revision": 1}, 404, "unknown_touchpoint"),
        ("put", "/touchpoints/x", {"name": "X", "channel": "web", "revision": 1}, 404, "unknown_key"),
        ("put", "/touchpoints/x", {"name": "X"}, 422, "invalid_input"),
        ("put", "/touchpoints/A B", {"name": "X", "channel": "web"}, 422, "invalid_input"),
        ("put", "/touchpoints/x", {"key": "y", "name": "X", "channel": "web"}, 422, "other_key"),
        ("put", "/touchpoints/x", {"name": "X", "channel": "web", "colour": 1}, 422, "invalid_input"),
        ("put", "/touchpoints/x", {"name": "X\x00", "channel": "web"}, 422, "unstorable_text"),
        ("put", "/touchpoints/x", {"name": "X", "channel": "web", "owners": ["no"]}, 422, "unknown_stakeholder"),
        ("put", "/touchpoints/x", [1], 422, "invalid_input"),
        ("patch", "/journeys/first-order", {"phases": [], "revision": 1}, 422, "too_few_steps"),
        ("patch", "/journeys/first-order", {"revision": 0}, 422, "invalid_input"),
        ("post", "/journeys/apply", {"surveys": []}, 422, "invalid_input"),
        ("post", "/journeys/apply", {"touchpoints": None}, 422, "invalid_input"),
    ],
)  # fmt: skip
def test_it_refuses_with_a_code(
    client: FlaskClient,
    keys: Headers,
    applied: Document,
    method: str,
    path: str,
    body: Any,
    status: int,
    code: str,
) -> None:
    answer = client.open(f"/api/v1{path}", method=method.upper(), json=body, headers=keys["admin"])
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text


def test_a_bad_etag_is_named(client: FlaskClient, keys: Headers, applied: Document) -> None:
    headers = {**keys["admin"], "If-Match": "*"}
    answer = client.patch("/api/v1/touchpoints/installed", json={"name": "x"}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (422, "bad_etag")


@pytest.mark.parametrize("kind", ["read", "server", "publishable"])
def test_only_an_admin_key_changes_definitions(
    client: FlaskClient, keys: Headers, smallest: Document, kind: str
) -> None:
    answer = client.post("/api/v1/journeys/apply", json=smallest, headers=keys[kind])
    assert answer.status_code in {401, 403}
    answer = client.put("/api/v1/personas/x", json={"name": "X"}, headers=keys[kind])
    assert answer.status_code in {401, 403}


def test_another_workspaces_definitions_cannot_be_read(
    client: FlaskClient, session: Session, time: clock.FixedClock, applied: Document
) -> None:
    other = workspaces.create(session, "Other", time())
    key = workspaces.mint_key(session, other, "admin", "theirs", time()).text
    session.commit()
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/journeys/first-order", headers=headers).status_code == 404
    assert client.get("/api/v1/touchpoints", headers=headers).json["touchpoints"] == []
