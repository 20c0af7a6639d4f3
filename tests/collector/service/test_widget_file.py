"""The widget's two addresses: one that stays fresh, one whose content never changes."""

from __future__ import annotations

import base64
from hashlib import sha256, sha384

import pytest
from afterword import markup, widget_build
from flask.testing import FlaskClient


def test_a_build_has_an_address_of_its_own_that_may_be_kept_for_ever(client: FlaskClient) -> None:
    fresh = client.get("/widget/v1.js")
    build = client.get(f"/widget/v1.{widget_build.STAMP}.js")
    assert (build.status_code, build.data) == (200, client.get("/widget/v1.whole.js").data)
    assert build.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in fresh.headers["Cache-Control"]
    assert build.headers["Access-Control-Allow-Origin"] == "*"


def test_its_content_has_the_hash_that_the_tag_says(client: FlaskClient) -> None:
    tag = markup.widget_tag("https://a.example", "token", "t", mode=None, nonce=None, integrity=True)
    body = client.get(f"/widget/v1.{widget_build.STAMP}.js", headers={"Accept-Encoding": "identity"}).data
    digest = base64.b64encode(sha384(body).digest()).decode()
    assert f'v1.{widget_build.STAMP}.js" integrity="sha384-{digest}" crossorigin="anonymous"' in tag


@pytest.mark.parametrize("part", ["ask", "show", "extras"])
def test_a_part_is_had_by_its_name_and_by_its_build(part: str, client: FlaskClient) -> None:
    fresh = client.get(f"/widget/v1.{part}.js")
    stamp = sha256(fresh.data).hexdigest()[:16]
    build = client.get(f"/widget/v1.{stamp}.js")
    assert (fresh.status_code, build.data) == (200, fresh.data)
    assert "immutable" not in fresh.headers["Cache-Control"]
    assert build.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_unknown_build_is_not_found(client: FlaskClient) -> None:
    for stamp in ("0" * 16, "..%2f..%2fconfig", "x"):
        assert client.get(f"/widget/v1.{stamp}.js").status_code == 404
