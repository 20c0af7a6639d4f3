"""A run with a picture and an area to hit, and customers who click."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest

from collector.communities.runs import images

RUN: dict[str, Any] = {
    "template": "first_click",
    "subject": "change your tariff",
    "variants": [],
    "hypotheses": [{"measure": "click.hit", "kind": "threshold", "value": 50}],
}


MENU = {"name": "Menu", "x": 0.1, "y": 0.1, "width": 0.2, "height": 0.1}


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
