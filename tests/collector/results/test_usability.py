"""Usability questionnaires in a run: each answered as the widget and as the plain page send it, judged by its own formula."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from collector.communities import runs
from collector.results import forms, tallies, verdict
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


def test_a_kano_pair_says_what_a_feature_is_to_most(
    client: Any, keys: Any, make: Any, trigger: Any, answer: Any, session: Any, company: Any
) -> None:
    make(
        template="kano",
        variants=[],
        hypotheses=[{"measure": "kano.must_be", "kind": "threshold", "value": 50}],
    )
    pairs = [("expect", "dislike")] * 12 + [("like", "neutral")] * 3 + [("like", "like")]
    for functional, dysfunctional in pairs:
        token = trigger()["invitation"]["token"]
        given = {"functional": functional, "dysfunctional": dysfunctional}
        assert answer(token, complete=True, **given).status_code == 201
    assert judged(client, keys)["estimate"] == pytest.approx(100 * 12 / 16)
    run = runs.get(session, company.workspace_id, "new-page")
    kano, *questions = tallies.of_run(session, run, verdict.of(session, run), "en")
    assert {row.label: row.n for row in kano.rows if row.n} == {
        "must_be": 12,
        "attractive": 3,
        "questionable": 1,
    }
    assert (kano.leading, kano.better_worse) == ("must_be", (3 / 15, -12 / 15))
    assert [row.n for row in questions[0].rows] == [4, 12, 0, 0, 0]


def test_a_preference_is_a_share_of_those_who_said_one(
    client: Any, keys: Any, make: Any, trigger: Any, answer: Any
) -> None:
    make(
        template="preference",
        variants=[],
        hypotheses=[{"measure": "score.b", "kind": "threshold", "value": 50}],
    )
    for choice in ["a", "b", "b", "none", "b"]:
        assert answer(trigger()["invitation"]["token"], score=choice).status_code == 201
    found = judged(client, keys)
    assert (found["estimate"], found["n"]) == (60, [5])


def test_nothing_is_tallied_before_the_fixed_number_is_there_or_of_four(
    make: Any, trigger: Any, answer: Any, session: Any, company: Any
) -> None:
    make(variants=[], design="fixed", n=6, hypotheses=[{"measure": "csat", "kind": "threshold", "value": 50}])
    run, seen = runs.get(session, company.workspace_id, "new-page"), []
    for _ in range(6):
        session.rollback()
        answer(trigger()["invitation"]["token"], score=4)
        seen.append(len(tallies.of_run(session, run, verdict.of(session, run), "en")))
    assert seen == [0, 0, 0, 0, 0, 1]


def test_words_beside_a_questionnaire_leave_the_pages_of_its_touchpoint_whole(
    reader: Any, make: Any, trigger: Any, answer: Any
) -> None:
    make(template="sus", variants=[], hypotheses=[{"measure": "sus", "kind": "threshold", "value": 68}])
    given = {f"item{at}": item for at, item in enumerate(HAPPY, 1)}
    answer(trigger()["invitation"]["token"], complete=True, comment="No number stands beside me", **given)
    for path in ("/touchpoints/order-confirmed", "/journeys/first-order"):
        page = reader.get(path)
        assert (page.status_code, "No number stands beside me" in page.text) == (200, True)
    assert reader.get("/desk").status_code == 200


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("en: this system; de: dieses System", {"en": "this system", "de": "dieses System"}),
        ("de-AT: der Seite", {"de-AT": "der Seite"}),
        ("our shop; the new one", "our shop; the new one"),
        ("App: the new one", "App: the new one"),
        ("", ""),
    ],
)
def test_the_form_takes_what_it_is_about_by_language(
    session: Any, company: Any, typed: str, subject: Any
) -> None:
    form = MultiDict(
        {"template": "sus", "name": "R", "kind": "threshold", "direction": "above", "value": "68"}
    )
    form |= MultiDict({"touchpoint": "order-confirmed", "design": "fixed", "subject": typed})
    assert forms.read(session, company.workspace_id, form, "UTC")["subject"] == subject
