"""What a call brings is read without webargs' detours, and comes to the same: values, defaults, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema, fields, validate

from collector import errors, web
from collector.plain_schemas import PlainSchema


class Plain(PlainSchema):
    name = fields.String(required=True, validate=validate.Length(1, 5))
    kind = fields.String(load_default="none")


class Detailed(Schema):
    name = fields.String(required=True, validate=validate.Length(1, 5))
    kind = fields.String(load_default="none")


QUERIES = ("name=a", "name=a&kind=b", "name=a&name=b", "", "name=", "name=abcdef", "name=a&other=1", "kind=b")
BODIES = (
    '{"name": "a"}',
    '{"name": "a", "kind": "b"}',
    "{}",
    '{"name": 1}',
    '{"name": "a", "other": 1}',
    "[]",
)


def outcome(app: Flask, read: Any, **request: Any) -> Any:
    with app.test_request_context("/", **request):
        try:
            return read()
        except errors.BadInput as refused:
            return refused.detail, refused.fields


@pytest.mark.parametrize("said", QUERIES)
def test_a_query_comes_to_what_webargs_makes_of_it(app: Flask, said: str) -> None:
    parser = web.Parser()
    by_webargs = outcome(app, lambda: parser.parse(Detailed(), location="query"), query_string=said)
    assert outcome(app, lambda: parser.read(web.here(), Plain(), "query"), query_string=said) == by_webargs
    assert outcome(app, lambda: parser.read(web.here(), Detailed(), "query"), query_string=said) == by_webargs


@pytest.mark.parametrize("said", BODIES)
def test_a_body_comes_to_what_webargs_makes_of_it(app: Flask, said: str) -> None:
    parser = web.Parser()
    by_webargs = outcome(app, lambda: parser.parse(Detailed(), location="json"), data=said)
    assert outcome(app, lambda: parser.read(web.here(), Plain(), "json"), data=said) == by_webargs
    assert outcome(app, lambda: parser.read(web.here(), Detailed(), "json"), data=said) == by_webargs


def test_a_call_may_end_in_many_ways_and_is_one_layer_of_reading(app: Flask) -> None:
    """Under what reads its body stands the view itself, however many ways in which it may end are documented."""
    view: Any = app.view_functions["widget.post_response"]
    layers = [view]
    while hasattr(layers[-1], "__wrapped__"):
        layers.append(layers[-1].__wrapped__)
    own = [each for each in layers if each.__code__.co_filename.endswith(("web.py", "views.py"))]
    assert len(layers) - len(own) <= 1, [
        each.__code__.co_filename for each in layers
    ]  # Flask's, smorest's: one
    documented = app.extensions["afterword_api"].spec.to_dict()["paths"]["/w/v1/responses"]["post"][
        "responses"
    ]
    assert {"200", "201", "401", "409", "410", "422", "429"} <= documented.keys()
