"""A run that asks where people click first: a picture and its areas, fixed at the start; a place for an answer; who hit."""

from __future__ import annotations

import csv
import io
import re
import struct
import uuid
import zlib
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.communities import runs
from collector.communities.runs import images
from collector.responses import Response
from collector.results import clicks

RUN: dict[str, Any] = {
    "template": "first_click",
    "subject": "change your tariff",
    "variants": [],
    "hypotheses": [{"measure": "click.hit", "kind": "threshold", "value": 50}],
}
MENU = {"name": "Menu", "x": 0.1, "y": 0.1, "width": 0.2, "height": 0.1}
INSIDE, BESIDE = {"x": 0.15, "y": 0.15, "ms": 900}, {"x": 0.9, "y": 0.9}


def png(width: int = 400, height: int = 300, shade: int = 200, beside: bytes = b"") -> bytes:
    """A picture of one shade, with what an editor might have written beside it."""
    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), *([(b"tEXt", beside)] if beside else []), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]  # fmt: skip
    return images.PNG + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


@pytest.fixture
def draw(client: Any, keys: Any) -> Any:
    """Upload a picture with an area to a draft: ``draw()``; ``draw("new", areas=[])`` for a variant."""

    def call(
        variant: str | None = None, areas: Any = (MENU,), raw: bytes = b"", run: str = "new-page"
    ) -> Any:
        query = {"variant": variant} if variant else {}
        put = client.put(
            f"/api/v1/runs/{run}/picture", query_string=query, data=raw or png(), headers=keys["admin"]
        )
        assert put.status_code == 200, put.text
        said = {"description": "The start page", "areas": list(areas)}
        told = client.put(f"/api/v1/runs/{run}/areas", query_string=query, json=said, headers=keys["admin"])
        assert told.status_code == 200, told.text
        return told.json["pictures"]

    return call


@pytest.fixture
def begun(make: Any, draw: Any, client: Any, keys: Any) -> Any:
    """A running run of first clicks."""

    def call(**given: Any) -> dict[str, Any]:
        made = make(start=False, **RUN | given)
        for variant in [each["key"] for each in made["variants"]] or [None]:
            draw(variant)
        started = client.post("/api/v1/runs/new-page/start", headers=keys["admin"])
        assert started.status_code == 200, started.text
        return dict(started.json)

    return call


@pytest.fixture
def click(trigger: Any, answer: Any) -> Any:
    """So many customers click there; their links."""

    def call(n: int, place: dict[str, Any], first: int = 0) -> list[str]:
        tokens = []
        for number in range(first, first + n):
            made = trigger(customer=f"c-{number}", transaction=f"t-{number}")
            tokens.append(made["invitation"]["token"])
            given = answer(tokens[-1], complete=True, click=place)
            assert given.status_code == 201, given.text
        return tokens

    return call


def test_it_starts_with_a_picture_and_areas_to_hit_and_locks_both(
    make: Any, draw: Any, client: Any, keys: Any
) -> None:
    make(start=False, **RUN)

    def start() -> Any:
        return client.post("/api/v1/runs/new-page/start", headers=keys["admin"])

    assert (start().status_code, start().json["code"]) == (422, "no_picture")
    draw(areas=[])
    assert (start().status_code, start().json["code"]) == (422, "no_area")
    [picture] = draw()
    assert (picture["width"], picture["height"], picture["areas"]) == (400, 300, [MENU])
    assert start().status_code == 200
    locked = client.put("/api/v1/runs/new-page/picture", data=png(shade=9), headers=keys["admin"])
    assert (locked.status_code, locked.json["code"]) == (409, "run_is_locked")
    areas = {"areas": [{**MENU, "x": 0}]}
    locked = client.put("/api/v1/runs/new-page/areas", json=areas, headers=keys["admin"])
    assert (locked.status_code, locked.json["code"]) == (409, "run_is_locked")
    locked = client.delete("/api/v1/runs/new-page/picture", headers=keys["admin"])
    assert (locked.status_code, locked.json["code"]) == (409, "run_is_locked")


def test_without_areas_it_only_looks_and_needs_no_assumption(
    make: Any, draw: Any, client: Any, keys: Any
) -> None:
    make(start=False, **RUN | {"hypotheses": [], "design": "fixed"})
    draw(areas=[])
    started = client.post("/api/v1/runs/new-page/start", headers=keys["admin"])
    assert (started.status_code, started.json["design"]) == (200, "always_valid")


@pytest.mark.parametrize(
    "area",
    [
        {**MENU, "x": -0.1},
        {**MENU, "width": 0},
        {**MENU, "x": 0.9},
        {**MENU, "height": 1.5},
        {**MENU, "name": ""},
        {**MENU, "x": "left"},
    ],
)
def test_an_area_that_does_not_lie_on_the_picture_is_refused(
    area: Any, make: Any, draw: Any, client: Any, keys: Any
) -> None:
    make(start=False, **RUN)
    draw()
    refused = client.put("/api/v1/runs/new-page/areas", json={"areas": [area]}, headers=keys["admin"])
    assert refused.status_code == 422
    assert any(field.startswith("areas") for field in refused.json["fields"])
    twice = client.put("/api/v1/runs/new-page/areas", json={"areas": [MENU, MENU]}, headers=keys["admin"])
    assert twice.status_code == 422


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + bytes(100),
        png()[:-20],
        png()[:40] + b"x" + png()[41:],
        png(10, 10),
        images.PNG + struct.pack(">I", 13) + b"IHDR" + (head := struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)) + struct.pack(">I", zlib.crc32(b"IHDR" + head)),
        bytes(images.LARGEST + 1),
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    ],
    ids=["empty", "svg", "gif", "cut", "damaged", "tiny", "bomb", "large", "cut-jpeg", "cut-webp"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(raw: bytes, make: Any, client: Any, keys: Any) -> None:
    make(start=False, **RUN)
    refused = client.put("/api/v1/runs/new-page/picture", data=raw, headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (422, "bad_picture")
    assert "picture" in refused.json["fields"]


def test_a_picture_is_for_a_run_that_asks_about_one(make: Any, client: Any, keys: Any) -> None:
    make(start=False)
    refused = client.put("/api/v1/runs/new-page/picture", data=png(), headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (422, "no_click_asked")
    entry = {"key": "clicks", "template": "first_click", "touchpoint": "order-confirmed", "subject": "x"}
    refused = client.post("/api/v1/surveys/apply", json={"surveys": [entry]}, headers=keys["admin"])
    assert refused.status_code == 422
    assert "surveys.0.template" in refused.json["fields"]


def test_what_was_written_beside_the_picture_does_not_reach_customers(
    make: Any, draw: Any, client: Any, keys: Any, company: Any
) -> None:
    make(start=False, **RUN)
    [picture] = draw(raw=png(beside=b"Author\0Secret Name") + b"<script>behind the end</script>")
    address = f"/pictures/{company.workspace_id}/{picture['digest']}"
    assert client.get(address).status_code == 404, "a draft's picture is nobody's business"
    assert client.post("/api/v1/runs/new-page/start", headers=keys["admin"]).status_code == 200
    shown = client.get(address)
    assert (shown.status_code, shown.mimetype, shown.data) == (200, "image/png", png())
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/pictures/{uuid.uuid4()}/{picture['digest']}").status_code == 404
    assert client.get(f"/pictures/{company.workspace_id}/{'0' * 64}").status_code == 404


def test_the_page_shows_task_and_picture_and_a_host_page_shows_nothing(
    begun: Any, trigger: Any, client: Any
) -> None:
    [picture] = begun()["pictures"]
    token = trigger(customer="c-1", transaction="t-1")["invitation"]["token"]
    page = client.get(f"/s/{token}").text
    assert "Where would you click to change your tariff?" in page
    assert re.search(
        rf'<input type="image"[^>]*{picture["digest"]}" width="400" height="300" alt="The start page"', page
    )
    assert "/widget/v1.js" not in page
    told = client.get("/w/v1/survey", query_string={"token": token}, headers={"Origin": "http://localhost:1"})
    assert told.status_code == 204
    assert "picture" in told.headers["Afterword-Why"]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"x": 1.2, "y": 0}, "out_of_scale"),
        ({"x": 0.5}, "wrong_type"),
        ({"x": True, "y": 0}, "wrong_type"),
        ([0.5, 0.5], "wrong_type"),
        ({"x": 0.5, "y": 0.5, "ms": -5}, "out_of_scale"),
    ],
)
def test_what_is_no_place_is_refused_by_its_field(
    place: Any, code: str, begun: Any, trigger: Any, answer: Any
) -> None:
    begun()
    token = trigger(customer="c-1", transaction="t-1")["invitation"]["token"]
    refused = answer(token, click=place)
    assert (refused.status_code, refused.json["fields"]) == (422, {"answers.click": [code]})


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"answers.click.x": "60", "answers.click.y": "45"}, {"x": 0.15, "y": 0.15}),
        ({"answers.click.left": "15", "answers.click.top": "90", "answers.click.cross": "1"}, {"x": 0.15, "y": 0.9}),
        ({"answers.click": '{"x": 0.1234, "y": 1, "ms": 70}'}, {"x": 0.1234, "y": 1, "ms": 70}),
    ],
    ids=["by the picture", "by the sliders", "kept by the script"],
)  # fmt: skip
def test_the_plain_form_takes_a_click_and_then_asks_why(
    sent: dict[str, str], place: Any, begun: Any, trigger: Any, client: Any, keys: Any, session: Session
) -> None:
    begun()
    token = trigger(customer="c-1", transaction="t-1")["invitation"]["token"]
    page = client.get(f"/s/{token}").text
    form = {"response_id": re.search(r'name="response_id" value="([^"]+)"', page)[1], "token": token}  # type: ignore[index]
    by_click = "answers.click" not in sent
    assert client.post(f"/s/{token}", data=form).status_code == 422, "nothing was clicked"
    for odd in ("odd", "-1", "401", "1e400", "nan"):
        wrong = {"answers.click.x": odd, "answers.click.y": "5"}
        assert client.post(f"/s/{token}", data=form | wrong).status_code == 422
    taken = client.post(f"/s/{token}", data=form | sent)
    assert (taken.status_code, taken.location.endswith("?thanks")) == (303, not by_click)
    if by_click:
        page = client.get(f"/s/{token}").text
        assert 'type="image"' not in page
        assert "Would you like to tell us why?" in page
        assert client.post(f"/s/{token}", data=form | {"answers.comment": "It is big."}).status_code == 303
    session.rollback()
    stored = session.scalars(select(Response)).one()
    assert (stored.answers["click"], stored.complete) == (place, True)


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


def test_the_page_takes_a_picture_with_its_areas_and_keeps_what_was_typed(make: Any, reader: Any) -> None:
    make(start=False, **RUN)
    row = {"area": "Menu", "left": "10", "top": "10,5", "width": "20", "height": "10"}
    none = reader.post("/runs/new-page/picture", **row)
    assert none.status_code == 404
    assert 'value="10,5"' in none.text
    sent = {**row, "picture": (io.BytesIO(png()), "start.png"), "description": "The start page"}
    saved = reader.post("/runs/new-page/picture", **sent)
    assert saved.status_code == 303
    page = reader.get("/runs/new-page").text
    assert 'aria-label="The start page"' in page
    assert 'value="10.5"' in page
    wrong = reader.post("/runs/new-page/picture", **row | {"left": "95"})
    assert wrong.status_code == 422
    assert 'value="95"' in wrong.text
    gone = reader.post("/runs/new-page/picture", remove="1")
    assert gone.status_code == 303
    assert "No picture yet" in reader.get("/runs/new-page").text


def test_places_are_compared_with_the_edges_of_areas_included() -> None:
    picture = {"areas": [{"name": "a", "x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}]}
    assert runs.pictures.hit(picture, {"x": 0.1, "y": 0.3}) == "a"
    assert runs.pictures.hit(picture, {"x": 0.0999, "y": 0.2}) is None
