"""The contact policy as sentences with fields: what they show, what they store, and the trial before and after."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, errors, workspaces
from collector.contact import Policy, WorkspacePolicySchema, resolve, sentences


def test_the_defaults_say_nothing_of_their_own() -> None:
    assert sentences.read(sentences.shown(Policy()), {}) == {}


@pytest.mark.parametrize(
    "document",
    [
        {"all_surveys": {"after_answer": 60}},
        {"budget": {"asks": 4, "days": 180, "reserved": 1}},
        {"budget": None, "per_journey_instance": None, "quiet_hours": None},
        {"cap_per_day": 500, "sample": 0.125, "consent": {"email": False}},
        {"quiet_hours": {"from": "19:00", "to": "09:00"}, "mask_comments": False},
        {"channels": {"sms": {"days_between": 120}}, "timezone": "Europe/Berlin"},
    ],
)
def test_what_is_shown_is_what_is_stored(document: dict[str, Any]) -> None:
    shown = sentences.shown(resolve(document, {}))
    read = sentences.read(shown, document)
    assert read == document
    assert WorkspacePolicySchema().validate(read) == {}


@pytest.mark.parametrize("field", ["all_surveys.after_answer", "budget.days", "cap_per_day", "sample"])
def test_what_is_no_number_is_named(field: str) -> None:
    with pytest.raises(errors.BadInput) as refused:
        sentences.read(sentences.shown(Policy()) | {field: "many"}, {})
    assert list(refused.value.fields) == [field]


@pytest.fixture
def signed_in(session: Session, company: Any, client: FlaskClient, time: clock.FixedClock) -> FlaskClient:
    workspaces.add_person(
        session, company.workspace_id, "a@example.com", "Ann", "a long password", time(), "administrator"
    )
    session.commit()
    form = {"email": "a@example.com", "password": "a long password", "csrf": csrf(client, "/sign-in")}
    assert client.post("/sign-in", data=form).status_code == 303
    return client


def csrf(client: FlaskClient, address: str = "/policy") -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(address).text)
    assert found
    return found[1]


def test_sentences_are_tried_before_and_after_then_saved(signed_in: FlaskClient, trigger: Any) -> None:
    for number in range(3):
        trigger(customer="c-1", transaction=f"order-{number}", journey_instance=f"w-{number}")
    never = dict.fromkeys((f"{name}.after_ignore" for name in ("all_surveys", "this_survey")), "0")
    form = {"csrf": csrf(signed_in), **sentences.shown(Policy()), **never}
    tried = signed_in.post("/policy", data={**form, "do": "try"})
    assert "3 of 3 triggers would be asked" in tried.text
    assert re.findall(r'<rect width="([\d.]+)%"', tried.text) == ["33.33", "100.0"]
    assert (
        'name="all_surveys.after_ignore" min="0" max="3650" step="1" inputmode="numeric" value="0"'
        in tried.text
    )
    assert trigger(customer="c-1", transaction="order-8", journey_instance="w-8")["reason"] == "quarantine"
    assert signed_in.post("/policy", data={**form, "do": "save"}).status_code == 303
    assert trigger(customer="c-1", transaction="order-9", journey_instance="w-9")["reason"] == "invited"
    assert "after_ignore: 0" in signed_in.get("/policy?as=yaml").text


def test_a_number_that_does_not_fit_is_named_and_kept(signed_in: FlaskClient) -> None:
    form = {"csrf": csrf(signed_in), **sentences.shown(Policy()), "budget.reserved": "99", "do": "save"}
    refused = signed_in.post("/policy", data=form)
    assert (refused.status_code, "budget.reserved" in refused.text) == (422, True)
    assert 'value="99"' in refused.text


ODD = ("--5", "9" * 5000, "1e400", "nan", "-1", "9223372036854775808", "\u00b2", "%00", "25:00", "x" * 5000)


def test_no_odd_value_in_a_sentence_ends_in_a_fault_of_ours(signed_in: FlaskClient) -> None:
    usual = {"csrf": csrf(signed_in), **sentences.shown(Policy()), "do": "save"}
    for number, field in enumerate(sentences.shown(Policy())):
        odd = ODD[number % len(ODD)]
        answer = signed_in.post("/policy", data={**usual, field: odd})
        assert answer.status_code in {303, 422}, (field, odd[:20], answer.text[:300])
