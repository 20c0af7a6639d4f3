"""The list of surveys over the API comes in pages, by key."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient


def test_the_pages_together_hold_each_survey_once(
    client: FlaskClient, company: Any, keys: dict[str, dict[str, str]]
) -> None:
    whole = client.get("/api/v1/surveys", headers=keys["read"]).json
    found, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/surveys?limit=2&cursor={cursor}", headers=keys["read"]).json
        assert len(page["surveys"]) <= 2
        found += page["surveys"]
        cursor = page["next"]
    assert len(found) > 2
    assert (found, whole["next"]) == (whole["surveys"], None)


def test_a_page_of_none_is_refused(
    client: FlaskClient, company: Any, keys: dict[str, dict[str, str]]
) -> None:
    refused = client.get("/api/v1/surveys?limit=0", headers=keys["read"])
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["limit"])
