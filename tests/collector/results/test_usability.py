"""Usability questionnaires in a run: each answered as the widget and as the plain page send it, judged by its own formula."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from collector.results import forms
from collector.statistics.usability import sus, umux_lite

HAPPY = (4, 2, 5, 1, 4, 2, 5, 2, 4, 1)
UNSURE = (3, 3, 4, 2, 3, 3, 3, 2, 3, 4)


def judged(client: Any, keys: Any) -> dict[str, Any]:
    [found] = client.get("/api/v1/runs/new-page/verdict", headers=keys["read"]).json["outcomes"]
    return dict(found)


def test_sus_is_asked_item_by_item_and_judged_by_brookes_rule(
    client: Any, keys: Any, make: Any, trigger: Any, answer: Any
) -> None:
    make(
        template="sus",
        variants=[],
        design="fixed",
        n=6,
        hypotheses=[{"measure": "sus", "kind": "threshold", "value": 68}],
    )
    said = [HAPPY] * 4 + [UNSURE] * 2
    for items in said:
        token = trigger()["invitation"]["token"]
        asked = client.get(f"/w/v1/survey?token={token}").json["questions"]
        assert [each["kind"] for each in asked] == ["likert5"] * 10 + ["comment"]
        assert asked[2]["text"] == "I thought the page was easy to use."
        given = {f"item{at}": item for at, item in enumerate(items, 1)}
        assert answer(token, complete=True, **given).status_code == 201
    found = judged(client, keys)
    assert found["n"] == [6]
    assert found["estimate"] == pytest.approx((4 * sus(HAPPY) + 2 * sus(UNSURE)) / 6)
    assert found["low"] < found["estimate"] < found["high"] <= 100


def test_umux_lite_is_answered_on_the_page_without_a_script(
    client: Any, keys: Any, make: Any, trigger: Any, answer: Any
) -> None:
    make(
        template="umux_lite",
        variants=[],
        design="fixed",
        n=5,
        hypotheses=[{"measure": "umux_lite", "kind": "threshold", "value": 80}],
    )
    for _ in range(5):
        invitation = trigger()["invitation"]
        page = client.get(f"/s/{invitation['token']}").text
        assert page.count('name="answers.useful"') == page.count('name="answers.easy"') == 7
        fields = {
            "token": invitation["token"],
            "response_id": str(uuid.uuid4()),
            "answers.useful": "6",
            "answers.easy": "7",
        }
        assert client.post(f"/s/{invitation['token']}", data=fields).status_code in {200, 303}
    assert judged(client, keys)["estimate"] == pytest.approx(umux_lite(6, 7))


def test_who_left_an_item_out_is_in_no_score(
    client: Any, keys: Any, make: Any, trigger: Any, answer: Any
) -> None:
    make(
        template="umux_lite",
        variants=[],
        hypotheses=[{"measure": "umux_lite", "kind": "threshold", "value": 80}],
    )
    for number in range(7):
        given = {"useful": 7} | ({"easy": 4} if number else {})
        assert answer(trigger()["invitation"]["token"], **given).status_code == 201
    found = judged(client, keys)
    assert (found["n"], found["estimate"]) == ([6], pytest.approx(umux_lite(7, 4)))


def test_a_single_item_can_be_held_against_a_threshold_too(
    client: Any, keys: Any, make: Any, trigger: Any, answer: Any
) -> None:
    make(template="umux_lite", variants=[], hypotheses=[{"measure": "easy", "kind": "threshold", "value": 4}])
    for _ in range(5):
        answer(trigger()["invitation"]["token"], useful=1, easy=6)
    assert judged(client, keys)["estimate"] == 6


def test_what_a_survey_does_not_measure_is_no_hypothesis(client: Any, keys: Any, company: Any) -> None:
    body = {
        "key": "r",
        "name": "R",
        "template": "sus",
        "touchpoint": "order-confirmed",
        "subject": "the page",
        "hypotheses": [{"measure": "csat", "kind": "threshold", "value": 1}],
    }
    refused = client.post("/api/v1/runs", json=body, headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (422, "unknown_measure")
    assert "sus, item1" in refused.json["detail"]


def test_the_form_takes_a_questionnaires_own_score_if_nothing_is_said(session: Any, company: Any) -> None:
    typed = MultiDict(
        {"template": "sus", "name": "R", "kind": "threshold", "direction": "above", "value": "68"}
    )
    typed |= MultiDict({"touchpoint": "order-confirmed", "design": "fixed", "subject": "the page"})
    given = forms.read(session, company.workspace_id, typed, "UTC")
    assert given["hypotheses"][0]["measure"] == "sus"
