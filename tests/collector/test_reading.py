"""What a call brings is read without webargs' detours, and comes to the same: values, defaults, refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema, fields, validate

from collector import bodies, errors, web
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


LARGEST = 2**53 - 1
KEPT = ("123456789012345", str(LARGEST), str(-LARGEST), "1.5", "0.1234567890123456789", "1e300", "-2E-400")
REFUSED = (
    str(LARGEST + 1),
    str(-LARGEST - 1),
    "9" * 20,
    "9" * 2000,
    "1e400",
    "-1E999",
    "1" + "0" * 400 + ".5",
)


@pytest.mark.parametrize("number", KEPT)
def test_a_number_that_can_be_stored_is_read_as_it_is(app: Flask, number: str) -> None:
    with app.test_request_context("/", data=f'{{"a": ["c2e16", {number}]}}'):
        assert bodies.read_json(web.here()) == {"a": ["c2e16", json.loads(number)]}


@pytest.mark.parametrize("number", REFUSED)
def test_a_number_that_no_column_holds_is_named_by_its_place(app: Flask, number: str) -> None:
    with (
        app.test_request_context("/", data=f'{{"a": ["c2e16", {number}]}}'),
        pytest.raises(errors.BadInput) as refused,
    ):
        bodies.read_json(web.here())
    assert (refused.value.code, list(refused.value.fields)) == ("unstorable_number", ["a.1"])


@pytest.mark.parametrize("text", [r"\u0000", r"\ud800", "x" * 1_000_001])
def test_a_text_that_no_column_holds_is_named_by_its_place(app: Flask, text: str) -> None:
    with (
        app.test_request_context("/", data=f'{{"a": {{"b": "{text}"}}}}'),
        pytest.raises(errors.BadInput) as refused,
    ):
        bodies.read_json(web.here())
    assert (refused.value.code, list(refused.value.fields)) == ("unstorable_text", ["a.b"])
