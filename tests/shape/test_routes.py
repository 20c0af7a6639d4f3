"""Every view says who may call it, and the OpenAPI document is frozen: a change of the API is a deliberate one."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from flask import Flask

KINDS = {
    "public",
    "server",
    "read",
    "analyst",
    "admin",
    "publishable",
    "test",
    "person",
    "editor",
    "administrator",
}


def test_every_view_carries_a_mark(shown_app: Flask) -> None:
    bare = [name for name, view in shown_app.view_functions.items() if not getattr(view, "access", ())]
    assert set(bare) <= {"static", "api-docs.openapi_json"}


def test_marks_are_of_known_kinds(shown_app: Flask) -> None:
    marks = {kind for view in shown_app.view_functions.values() for kind in getattr(view, "access", ())}
    assert marks <= KINDS


def test_public_routes_are_these_and_no_others(shown_app: Flask, root: Path) -> None:
    public = {
        rule.rule
        for rule in shown_app.url_map.iter_rules()
        if getattr(shown_app.view_functions[rule.endpoint], "access", ()) == ("public",)
    }
    listed = (root / "docs/reference/public-routes.txt").read_text().split()
    assert sorted(public) == listed


def test_each_route_has_its_row_in_the_access_matrix(shown_app: Flask, root: Path) -> None:
    """So that each is tried with every role, scope and key, and from another company."""
    rows = yaml.safe_load((root / "tests/collector/company/access_matrix.yaml").read_text("utf-8"))
    routes = {
        f"{method} {rule.endpoint}"
        for rule in shown_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert (sorted(routes - rows.keys()), sorted(rows.keys() - routes)) == ([], [])


def test_the_openapi_document_is_the_frozen_one(shown_app: Flask, root: Path) -> None:
    frozen = json.loads((root / "docs/reference/openapi.json").read_text())
    shown = json.loads(json.dumps(shown_app.extensions["afterword_api"].spec.to_dict()))
    assert shown == frozen, "The API changed. If that is meant: make openapi, and say so in the changelog."
