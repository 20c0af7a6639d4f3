"""Where people clicked first: a share with a verdict, a picture from five people on, and nothing for other departments."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector.communities import runs
from collector.results import clicks
from tests.collector.results.first_click.conftest import MENU, RUN, png

INSIDE, BESIDE = {"x": 0.15, "y": 0.15, "ms": 900}, {"x": 0.9, "y": 0.9}


def test_who_hits_is_a_share_with_a_verdict_and_a_picture_of_five(
    begun: Any, click: Any, reader: Any, client: Any, keys: Any
) -> None:
    [picture] = begun()["pictures"]
    click(3, INSIDE)
    click(1, BESIDE, first=3)
    assert "clicks__dot" not in reader.get("/runs/new-page").text
    click(4, INSIDE, first=4)
    page = reader.get("/runs/new-page").text
    assert page.count('class="clicks__dot clicks__dot--hit"') == 7
    assert page.count('class="clicks__dot"') == 1
    assert f"/runs/new-page/pictures/{picture['digest']}" in page
    assert "8 people have clicked. 88 % hit" in page
    assert "Half of them took no longer than 0.9 seconds." in page
    verdict = client.get("/api/v1/runs/new-page/verdict", headers=keys["read"]).json
    assert (verdict["outcomes"][0]["n"], verdict["outcomes"][0]["estimate"]) == ([8], 87.5)
    protocol = reader.get("/runs/new-page/protocol.json").json
    assert protocol["pictures"][0]["areas"] == [MENU]
    assert [(row["area"], row["n"]) for row in protocol["clicks"][0]["areas"]] == [("Menu", 7), (None, 1)]
    counts = client.get("/api/v1/runs/new-page/counts.csv", headers=keys["read"]).text
    rows = [(row["answer"], row["n"], row["of"]) for row in csv.DictReader(io.StringIO(counts))]
    assert rows == [("Menu", "7", "8"), ("", "1", "8")]


def test_of_very_many_clicks_those_are_drawn_that_stand_for_all(
    begun: Any, click: Any, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clicks, "MOST_DOTS", 3)
    begun()
    click(4, INSIDE)
    click(4, BESIDE, first=4)
    page = reader.get("/runs/new-page").text
    assert "8 people have clicked." in page
    assert (page.count("clicks__dot--hit"), page.count('class="clicks__dot"')) == (2, 1)


def test_nothing_is_seen_of_clicks_while_a_fixed_number_is_collected(
    begun: Any, click: Any, reader: Any, client: Any, keys: Any
) -> None:
    begun(design="fixed", n=9)
    click(8, INSIDE)
    page = reader.get("/runs/new-page").text
    assert "clicks__dot" not in page
    assert reader.get("/runs/new-page/protocol.json").json["clicks"] == []
    click(1, INSIDE, first=8)
    assert reader.get("/runs/new-page").text.count("clicks__dot--hit") == 9


def test_variants_have_pictures_of_their_own_and_are_compared(
    begun: Any, make: Any, draw: Any, trigger: Any, answer: Any, client: Any, keys: Any, reader: Any
) -> None:
    two = [{"key": "old", "share": 1}, {"key": "new", "share": 1}]
    assumed = [
        {"measure": "click.hit", "kind": "difference", "value": 30, "variant": "new", "against": "old"}
    ]
    make(start=False, **RUN | {"variants": two, "hypotheses": assumed})
    draw("old", raw=png(shade=1))
    refused = client.post("/api/v1/runs/new-page/start", headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (422, "no_picture")
    draw("new", raw=png(shade=2), areas=[{**MENU, "x": 0.6}])
    assert client.post("/api/v1/runs/new-page/start", headers=keys["admin"]).status_code == 200
    shown = set()
    for number in range(30):
        token = trigger(customer=f"c-{number}", transaction=f"t-{number}")["invitation"]["token"]
        shown |= set(re.findall(r"/pictures/[0-9a-f-]+/([0-9a-f]{64})", client.get(f"/s/{token}").text))
        assert answer(token, complete=True, click=INSIDE).status_code == 201
    run = client.get("/api/v1/runs/new-page", headers=keys["read"]).json
    assert shown == {each["digest"] for each in run["pictures"]}
    [outcome] = client.get("/api/v1/runs/new-page/verdict", headers=keys["read"]).json["outcomes"]
    assert sum(outcome["n"]) == 30
    assert outcome["estimate"] == -100
    page = reader.get("/runs/new-page").text
    assert page.count("clicks__dot--hit") == outcome["n"][1]


def test_a_picture_is_replaced_and_goes_with_its_variant(
    make: Any, draw: Any, client: Any, keys: Any, session: Session
) -> None:
    two = [{"key": "old", "share": 1}, {"key": "new", "share": 1}]
    make(start=False, **RUN | {"variants": two})
    draw("old", raw=png(shade=1))
    draw("new", raw=png(shade=2))
    draw("new", raw=png(shade=3))
    count = "SELECT count(*) FROM run_picture"
    assert session.connection().exec_driver_sql(count).scalar() == 2
    session.rollback()
    body = {"name": "N", "hypotheses": RUN["hypotheses"]}
    changed = client.put("/api/v1/runs/new-page", json=body, headers=keys["admin"])
    assert (changed.status_code, changed.json["pictures"]) == (200, [])
    assert session.connection().exec_driver_sql(count).scalar() == 0


def test_a_department_sees_no_picture_of_another(
    begun: Any, make: Any, draw: Any, app: Any, session: Session, company: Any, time: Any
) -> None:
    from browsers import PASSWORD, sign_in

    from collector import workspaces

    [picture] = begun()["pictures"]
    email = "other@example.com"
    workspaces.add_person(
        session, company.workspace_id, email, "other", PASSWORD, time(), role="editor",
        scope=["field-service"],
    )  # fmt: skip
    session.commit()
    other = sign_in(app, email)
    assert other.get(f"/runs/new-page/pictures/{picture['digest']}").status_code == 404
    assert other.post("/runs/new-page/picture", description="x").status_code == 404


def test_places_are_compared_with_the_edges_of_areas_included() -> None:
    picture = {"areas": [{"name": "a", "x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}]}
    assert runs.pictures.hit(picture, {"x": 0.1, "y": 0.3}) == "a"
    assert runs.pictures.hit(picture, {"x": 0.0999, "y": 0.2}) is None
