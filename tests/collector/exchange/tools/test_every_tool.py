"""Every tool's files come in: the memory, the answers, twice; and whoever was asked or objected there is not asked here."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import clock, deliveries
from collector.exchange import tools
from collector.responses import Response

CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text("utf-8"))
FORMS = [(tool, answers) for tool, case in CASES.items() for answers in case["answers"]]
ALIKE = [
    tool
    for tool, case in CASES.items()
    if not any("questions" in each for each in case.get("said", {}).values())
]
BOUNCING = [tool for tool, case in CASES.items() if "bounced" in case]


def test_every_tool_has_a_case() -> None:
    assert set(CASES) == set(tools.TOOLS)


@pytest.mark.parametrize("tool", tools.TOOLS)
def test_every_shape_says_where_it_is_documented(tool: str) -> None:
    shapes = tools.tool(tool).shapes
    assert all(shape.documentation.startswith("https://") for shape in shapes)
    assert all(shape.holds_answers or shape.facts for shape in shapes)


@pytest.mark.parametrize(("tool", "answers"), FORMS)
def test_req_066_everything_comes_in_once(
    tool: str, answers: str, bring: Any, session: Session, decide: Any
) -> None:
    case = CASES[tool]
    names, said = [answers, *case["people"]], _said(tool, answers)
    first = bring(tool, names, **said)
    counted = _counted(session)
    assert {metric: sorted(scores) for metric, scores in _scores(session).items()} == case["scores"]
    assert all(any(word in (text or "") for text in _comments(session)) for word in case["words"])

    again = bring(tool, names, **said)
    assert (_accepted(first) > 0, _accepted(again)) == (True, 0)
    assert not [file for file in again["files"] if file["memory"]["taken"]]
    assert _counted(session) == counted
    decisions = {customer: decide(customer) for customer in case["decisions"]}
    assert decisions == case["decisions"]


@pytest.mark.parametrize("tool", ALIKE)
def test_the_same_answers_in_another_form_add_nothing(tool: str, bring: Any, session: Session) -> None:
    case = CASES[tool]
    table, document = case["answers"]
    bring(tool, [table, *case["people"]], **_said(tool, table))
    counted = _counted(session)
    assert _accepted(bring(tool, [document, *case["people"]], **_said(tool, document))) == 0
    assert _counted(session) == counted


@pytest.mark.parametrize("tool", BOUNCING)
def test_nothing_is_sent_to_who_bounced_there(
    tool: str, bring: Any, session: Session, clinic: Any, time: clock.FixedClock
) -> None:
    bring(tool, CASES[tool]["people"])
    session.rollback()
    assert not deliveries.block(session, clinic, "email", CASES[tool]["bounced"], time())


@pytest.mark.parametrize("tool", tools.TOOLS)
def test_a_trial_tells_the_same_and_changes_nothing(tool: str, bring: Any, session: Session) -> None:
    case = CASES[tool]
    names, said = [case["answers"][0], *case["people"]], _said(tool, case["answers"][0])
    before = _counted(session)
    tried = bring(tool, names, dry_run=True, **said)
    assert _counted(session) == before
    assert bring(tool, names, **said) == tried
    lost = {column for file in tried["files"] for column in file["lost"]}
    assert set(case["lost"]) <= lost
    placed = [each for file in tried["files"] for each in file["questions"]]
    assert all(each["first_rows"] and each["touchpoint"] == "helpline" for each in placed)
    assert all(each["report"]["new_series"] for each in placed)


def _said(tool: str, answers: str) -> dict[str, Any]:
    said = dict(CASES[tool].get("said", {}).get(answers, {}))
    asked = {column: tools.Asked(metric) for column, metric in said.pop("questions", {}).items()}
    return {**said, "questions": asked}


def _scores(session: Session) -> dict[str, list[int]]:
    session.rollback()
    found: dict[str, list[int]] = defaultdict(list)
    for metric, score in session.execute(select(Response.metric, Response.score)):
        found[metric].append(score)
    return found


def _comments(session: Session) -> list[str | None]:
    return list(session.scalars(select(Response.comment)))


def _counted(session: Session) -> list[int]:
    """How many answers, invitations and blocked addresses there are."""
    session.rollback()
    tables = (Response, deliveries.UnsubscribedAddress)
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def _accepted(report: Any) -> int:
    placed = [each["report"]["accepted"] for file in report["files"] for each in file["questions"]]
    return sum(placed)
