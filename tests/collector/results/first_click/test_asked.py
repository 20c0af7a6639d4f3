"""A run asks where people would click first: a picture comes in, is shown, and takes a place."""

from __future__ import annotations

import io
import re
import struct
import uuid
import zlib
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.communities.runs import images
from collector.responses import Response
from tests.collector.results.first_click.conftest import MENU, RUN, png


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
