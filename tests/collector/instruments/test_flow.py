"""Every row of the flow table that the collector and the widget share."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.instruments.flow import check_answers, prompt_for, visible

ROOT = Path(__file__).parents[3]
CASES = json.loads((ROOT / "tests/wire/flow.json").read_text("utf-8"))
ANSWERS = st.none() | st.booleans() | st.integers(-3, 12) | st.sampled_from(["other", "price", "yes", ""])


def _name(case: dict) -> str:
    return case["why"]


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_it_shows_the_questions_of_the_table(case):
    assert visible(case["questions"], case["answers"]) == case["visible"]


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_it_prompts_as_the_table_says(case):
    comments = [question for question in case["questions"] if question["kind"] == "comment"]
    shown = [question["id"] for question in comments if question["id"] in case["visible"]]
    prompts = {key: prompt_for(case["questions"], key, case["answers"]) for key in shown}
    assert prompts == case["prompts"]


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_it_refuses_what_the_table_refuses(case):
    assert check_answers(case["questions"], case["answers"], case["complete"]) == case["errors"]


@st.composite
def _surveys(draw):
    """A survey of the table and answers to some of its questions, good and bad ones."""
    questions = draw(st.sampled_from(CASES))["questions"]
    ids = [question["id"] for question in questions]
    return questions, draw(st.dictionaries(st.sampled_from(ids), ANSWERS))


@given(_surveys())
def test_a_hidden_question_is_never_required_and_never_answered(survey):
    questions, answers = survey
    hidden = {question["id"] for question in questions} - set(visible(questions, answers))
    errors = check_answers(questions, answers, complete=True)
    assert {key for key in hidden if key in errors} == hidden & set(answers)
    assert all(errors[key] == "not_asked" for key in hidden & set(answers))


@given(_surveys())
def test_what_is_good_when_complete_is_good_before(survey):
    questions, answers = survey
    early = check_answers(questions, answers, complete=False)
    late = check_answers(questions, answers, complete=True)
    assert early == {key: code for key, code in late.items() if code != "required"}


@given(_surveys())
def test_dropping_the_refused_answers_leaves_an_acceptable_response(survey):
    questions, answers = survey
    refused = check_answers(questions, answers, complete=False)
    kept = {key: answer for key, answer in answers.items() if key not in refused}
    assert check_answers(questions, kept, complete=False) == {}
