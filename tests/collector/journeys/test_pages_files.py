"""Files in and out of the browser: the plan before applying, losses named, every format there."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import journeys

THEIRS = "phase,step_name,budget\nOrder,I order,12\n,I wait,0\n"


def upload(text: str, name: str) -> dict[str, Any]:
    return {"file": (io.BytesIO(text.encode()), name)}


def test_the_example_is_planned_then_applied(
    signed_in: Any, session: Session, workspace: Any, hidden: Any
) -> None:
    ann = signed_in()
    example = ann.get("/setup/example.yaml").text
    plan = ann.post("/setup/file", **upload(example, "mine.yaml"))
    assert (plan.status_code, "first-bill" in plan.text) == (200, True)
    assert journeys.touchpoints(session, workspace.workspace_id).items == ()
    session.rollback()
    applied = ann.post("/setup/file/apply", **hidden(plan.text))
    assert applied.headers["Location"] == "/journeys/first-order/edit?saved"
    assert "change nothing" in ann.post("/setup/file", **upload(example, "mine.yaml")).text


def test_a_plan_that_is_no_longer_true_is_shown_again(
    signed_in: Any, journey: Any, smallest_text: str, hidden: Any
) -> None:
    ann = signed_in()
    plan = ann.post("/setup/file", **upload(smallest_text.replace("comes", "visits"), "mine.yaml"))
    assert "left alone here" in plan.text
    assert "step “The technician visits”: Name" in plan.text
    ann.post("/journeys/first-order/edit", version=1, do="add-phase", name="Use")
    again = ann.post("/setup/file/apply", **hidden(plan.text))
    assert (again.status_code, "changed meanwhile" in again.text) == (412, True)
    assert journey().version == 2
    assert ann.post("/setup/file/apply", **hidden(again.text)).status_code == 303
    assert journey().version == 3


def test_a_foreign_file_says_what_it_cannot(signed_in: Any, hidden: Any) -> None:
    ann = signed_in()
    refused = ann.post("/setup/file", **upload(THEIRS, "map.csv"), journey="first")
    assert (refused.status_code, "Definition: say it below" in refused.text) == (422, True)
    facts = {"name": "First", "definition": "d", "customer_goal": "c", "business_goal": "b"}
    plan = ann.post("/setup/file", journey="first", **facts, **upload(THEIRS, "map.csv"))
    assert plan.status_code == 200
    assert "Lost on the way" in plan.text
    assert "budget" in plan.text
    assert ann.post("/setup/file/apply", **hidden(plan.text)).status_code == 303


@pytest.mark.parametrize("name", ["yaml", "csv", "mermaid", "cjml", "ujg"])
def test_every_format_can_be_taken_away(signed_in: Any, journey: Any, name: str) -> None:
    ann = signed_in()
    answer = ann.get(f"/journeys/first-order/export/{name}")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "I get my confirmation" in answer.text


def test_the_losses_of_each_format_are_named(signed_in: Any, journey: Any) -> None:
    page = signed_in().get("/journeys/first-order/export").text
    assert "Nothing is lost." in page
    assert "journeys.business_goal" in page


def test_everything_leaves_and_comes_back_unchanged(signed_in: Any, journey: Any) -> None:
    ann = signed_in()
    for name in ("yaml", "csv"):
        text = ann.get(f"/setup/export/{name}").text
        assert "first-order" in text
    assert ann.get("/setup/export/cjml").status_code == 404


def test_a_file_that_does_not_fit_is_refused_with_its_line(signed_in: Any) -> None:
    ann = signed_in()
    answer = ann.post("/setup/file", **upload("journeys:\n  - {key: x}\n", "bad.yaml"))
    assert (answer.status_code, "bad.yaml:2" in answer.text) == (422, True)
    for text, name in (
        ("x" * 400_001, "big.yaml"),
        ("a", "what.exe"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "x.cjml"),
    ):
        assert ann.post("/setup/file", **upload(text, name)).status_code == 422
    assert ann.post("/setup/file").status_code == 422
    assert ann.post("/setup/file/apply", text="{", mark="x").status_code == 422
