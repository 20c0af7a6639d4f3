"""A run may ask an open question alone: what was said is counted, grouped and shown of five and more; no verdict is pretended."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector.communities import runs
from collector.results import verdict, written

OPEN = {"template": "open", "variants": [], "hypotheses": []}
RADIO = "the radio in the router loses its connection every evening"


@pytest.fixture
def say(trigger: Any, answer: Any) -> Any:
    """``say(5)``: so many customers write nearly the same."""

    def call(n: int, first: int = 0) -> None:
        for number in range(first, first + n):
            token = trigger(customer=f"c-{number}", transaction=f"t-{number}")["invitation"]["token"]
            assert answer(token, complete=True, comment=f"{RADIO} number {number}").status_code == 201

    return call


def test_it_needs_no_assumption_and_others_still_do(make: Any, client: Any, keys: Any) -> None:
    assert make(**OPEN)["state"] == "running"
    make(start=False, **OPEN | {"key": "other", "template": "csat"})
    refused = client.post("/api/v1/runs/other/start", headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (422, "no_hypothesis")
    assumed = {"measure": "score", "kind": "threshold", "value": 1}
    body = {
        **OPEN,
        "key": "third",
        "name": "T",
        "touchpoint": "order-confirmed",
        "subject": "it",
        "hypotheses": [assumed],
    }
    refused = client.post("/api/v1/runs", json=body, headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (422, "unknown_measure")


def test_words_are_shown_of_five_people_and_no_verdict_is_pretended(
    make: Any, say: Any, reader: Any, client: Any, keys: Any
) -> None:
    make(**OPEN)
    say(4)
    page = reader.get("/runs/new-page").text
    assert "4 people have written." in page
    assert RADIO not in page
    say(1, first=4)
    page = reader.get("/runs/new-page").text
    assert "5 people have written." in page
    assert page.count(RADIO) == 5
    assert "evening" in page.partition("Topics")[2].partition("</ul>")[0]
    assert "Verdict" not in page
    assert "cu_" not in page
    told = client.get("/api/v1/runs/new-page/verdict", headers=keys["read"]).json
    assert (told["word"], told["outcomes"]) == ("none", [])
    concluded = client.post("/api/v1/runs/new-page/stop", headers=keys["admin"])
    assert concluded.json["state"] == "concluded"
    [filed] = client.get("/api/v1/insights", headers=keys["read"]).json["insights"]
    assert filed["title"] == "New confirmation page: no verdict, to be read"
    assert RADIO in reader.get("/runs/new-page").text


def test_what_others_wrote_at_the_touchpoint_is_no_part_of_it(
    make: Any, say: Any, trigger: Any, answer: Any, session: Session, company: Any, time: Any
) -> None:
    token = trigger(customer="before")["invitation"]["token"]
    answer(token, complete=True, score=9, comment="Nobody came")
    make(**OPEN)
    say(5)
    run = runs.get(session, company.workspace_id, "new-page")
    found = written.of_run(session, run, verdict.of(session, run), time())
    assert found.people == 5
    assert not any("Nobody" in each for each in found.words)


def test_the_form_makes_one(reader: Any) -> None:
    form = {
        "name": "In your words",
        "template": "open",
        "subject": "our page",
        "touchpoint": "order-confirmed",
        "design": "fixed",
    }
    made = reader.post(
        "/runs",
        "/runs",
        **form,
        value="",
        kind="threshold",
        direction="above",
        measure="",
        variant="",
        against="",
    )
    assert made.status_code == 303, made.text
    page = reader.get("/runs/in-your-words").text
    assert "An open question: what is said is read and grouped." in page
    assert reader.post("/runs/in-your-words/start", "/runs/in-your-words").status_code == 303
