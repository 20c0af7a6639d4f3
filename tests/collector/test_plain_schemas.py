"""What is read at once is what marshmallow reads, and what marshmallow refuses is refused by it, in the same words."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from collector.interactions.schemas import InteractionsIn
from collector.invitations.schemas import TriggersIn
from collector.plain_schemas import PlainSchema

PLAIN: dict[str, Any] = {"touchpoint": "order-confirmed", "transaction": "t-1"}
OWN = {"triggers": TriggersIn, "interactions": InteractionsIn}
ODD: dict[str, list[Any]] = {
    "touchpoint": ["order", "Order", "", None, 7, ["order"], "a" * 65],
    "journey": ["first-order", None, True, {}, "A"],
    "customer": ["c-1", "", None, "x" * 257, b"c"],
    "channel": ["web", "smoke", None, 1],
    "attributes": [{}, {"a": 1}, {"A": 1}, {"a": None}, None, [], {"a": "x" * 201}, "a"],
    "occurred_at": ["2026-11-02T10:00:00Z", "2026-11-02T10:00:00.5+02:00", "1999-01-01T00:00:00Z", "2026-11-02", 7, None],
    "trigger_id": [str(uuid.UUID(int=7)), uuid.UUID(int=7).hex, "7", 7, None],
    "locale": ["de", "d", None],
    "delay": [0, 60, -1, "60", 1.0, 1.5, True, None],
    "cancel_on": [[], ["refund"], ["refund"] * 21, "refund", [None], ["R"], None],
    "expires_at": ["2026-12-02T10:00:00Z", "tomorrow", None],
    "event": ["step", "Step", None],
    "interaction_id": [str(uuid.UUID(int=8)), "x"],
    "unknown": [1],
}  # fmt: skip


def said(load: Any, body: Any, **options: Any) -> tuple[str, Any]:
    try:
        return "taken", load(body, **options)
    except ValidationError as error:
        return "refused", error.messages


def both(schema: PlainSchema, body: Any, **options: Any) -> tuple[Any, Any]:
    return said(schema.load, body, **options), said(
        lambda body, **more: Schema.load(schema, body, **more), body, **options
    )


@pytest.mark.parametrize("noun", list(OWN))
@pytest.mark.parametrize("name", list(ODD))
def test_every_value_is_read_or_refused_as_marshmallow_does(noun: str, name: str) -> None:
    for value in ODD[name]:
        quick, slow = both(OWN[noun](), {noun: [PLAIN, {**PLAIN, name: value}]})
        assert quick == slow
        if quick[0] == "taken":
            assert repr(quick) == repr(slow)  # True is no 1, and fields stand in the same order


@pytest.mark.parametrize("noun", list(OWN))
def test_what_is_no_list_of_objects_is_refused_as_marshmallow_does(noun: str) -> None:
    bodies: list[Any] = [None, [], {}, {noun: None}, {noun: {}}, {noun: []}, {noun: [None]}, {noun: [[]]}]
    bodies += [{noun: [PLAIN] * 501}, {noun: [PLAIN], "more": 1}, {noun: [{"touchpoint": "a"}, {}]}]
    for body in bodies:
        quick, slow = both(OWN[noun](), body)
        assert quick == slow
        assert quick[0] == "refused"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(list(ODD)), st.integers(0, 7), max_size=6), max_size=3))
def test_any_mixture_of_them(picked: list[dict[str, int]]) -> None:
    rows = [{**PLAIN, **{name: ODD[name][n % len(ODD[name])] for name, n in row.items()}} for row in picked]
    for noun, schema in OWN.items():
        quick, slow = both(schema(), {noun: rows})
        assert quick == slow


@pytest.mark.parametrize("noun", list(OWN))
def test_a_right_call_is_read_without_marshmallow(noun: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(Schema, "load", lambda *_given, **_named: pytest.fail("marshmallow was asked"))
    read = OWN[noun]().load({noun: [PLAIN]})[noun]
    assert read[0]["touchpoint"] == "order-confirmed"


class Part(Schema):
    n = fields.Integer(data_key="number", attribute="count", load_default=3)
    note = fields.String()


class Whole(PlainSchema):
    parts = fields.List(fields.Nested(Part), load_default=list)
    one = fields.Nested(Part, unknown=EXCLUDE, load_default=None, allow_none=True)


def test_names_defaults_and_what_may_be_left_out() -> None:
    bodies: list[Any] = [
        {},
        {"parts": [{}]},
        {"parts": [{"number": "4", "note": "x"}]},
        {"parts": [{"n": 4}]},
    ]
    bodies += [{"one": None}, {"one": {"number": 1, "more": 2}}, {"one": {"note": None}}]
    for body in bodies:
        assert said(Whole().load, body) == said(lambda body: Schema.load(Whole(), body), body)
    assert Whole().load({"more": 1}, unknown=EXCLUDE) == {"parts": [], "one": None}
