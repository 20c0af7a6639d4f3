"""Every row of the case table that the collector and the widget share."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.instruments.kinds import KINDS, MEASURES
from collector.kpis import METRICS

ROOT = Path(__file__).parents[3]
ROWS = json.loads((ROOT / "tests/wire/kinds.json").read_text("utf-8"))
QUESTIONS = [json.loads(question) for question in sorted({json.dumps(row["question"]) for row in ROWS})]

CODES = {row["code"] for row in ROWS}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def _name(row: dict) -> str:
    return f"{row['kind']}-{json.dumps(row['answer'])[:30]}"


@pytest.mark.parametrize("row", ROWS, ids=_name)
def test_it_answers_each_row_of_the_case_table(row):
    assert KINDS[row["kind"]].check(row["question"], row["answer"]) == row["code"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["ok"]], ids=_name)
def test_it_stores_each_good_answer_as_the_table_says(row):
    stored = KINDS[row["kind"]].normalise(row["question"], row["answer"])
    assert stored == row.get("stored", row["answer"])
    assert KINDS[row["kind"]].check(row["question"], stored) is None
    assert KINDS[row["kind"]].normalise(row["question"], stored) == stored


def test_the_table_covers_every_kind_with_good_and_refused_answers():
    covered = {(row["kind"], row["ok"]) for row in ROWS}
    assert covered == {(kind, ok) for kind in KINDS for ok in (True, False)}


def test_the_table_is_consistent_with_itself():
    for row in ROWS:
        assert row["ok"] is (row["code"] is None)
        assert row["question"]["kind"] == row["kind"]


@pytest.mark.parametrize(
    ("kind", "bands"),
    [
        ("nps", {"detractor": [0, 6], "passive": [7, 8], "promoter": [9, 10]}),
        ("csat", {"negative": [1, 2], "neutral": [3, 3], "positive": [4, 5]}),
        ("ces", {"negative": [1, 3], "neutral": [4, 4], "positive": [5, 7]}),
        ("likert5", {"negative": [1, 2], "neutral": [3, 3], "positive": [4, 5]}),
        ("likert7", {"negative": [1, 3], "neutral": [4, 4], "positive": [5, 7]}),
        ("stars", {"negative": [1, 2], "neutral": [3, 3], "positive": [4, 5]}),
        ("thumbs", {"negative": [0, 0], "positive": [1, 1]}),
        ("emotion", {"negative": [-2, -1], "neutral": [0, 0], "positive": [1, 2]}),
        ("goal", {"negative": [0, 0], "neutral": [1, 1], "positive": [2, 2]}),
    ],
)
def test_its_bands_cover_the_scale_once(kind, bands):
    scale = KINDS[kind].scale
    assert scale is not None
    expected = {score: name for name, (low, high) in bands.items() for score in range(low, high + 1)}
    assert {score: KINDS[kind].band(score) for score in scale} == expected
    assert KINDS[kind].band(min(scale) - 1) is None
    assert KINDS[kind].band(max(scale) + 1) is None


def test_it_scores_goals_in_order():
    question = next(row["question"] for row in ROWS if row["kind"] == "goal")
    assert [KINDS["goal"].score(question, key) for key in ("no", "partly", "yes")] == [0, 1, 2]


def test_words_and_unordered_choices_have_no_score():
    for question in QUESTIONS:
        if KINDS[question["kind"]].scale is None:
            assert KINDS[question["kind"]].score(question, "price") is None
            assert KINDS[question["kind"]].band(0) is None


def test_every_metric_belongs_to_one_kind_and_lies_on_its_scale():
    every = [metric for kind in KINDS.values() for metric in kind.metrics]
    assert sorted(every) == sorted(METRICS)
    for metric, kind in MEASURES.items():
        assert range(METRICS[metric].lowest, METRICS[metric].highest + 1) == kind.scale


@given(question=st.sampled_from(QUESTIONS), answer=JSON)
def test_any_json_gets_a_code_or_a_storable_answer(question, answer):
    kind = KINDS[question["kind"]]
    code = kind.check(question, answer)
    assert code in CODES
    if code is None:
        stored = kind.normalise(question, answer)
        assert "\x00" not in json.dumps(stored, ensure_ascii=False).encode("utf-8").decode("utf-8")
        score = kind.score(question, stored)
        assert score is None if kind.scale is None else score in kind.scale


@given(question=st.sampled_from(QUESTIONS), answer=JSON)
def test_a_score_is_given_only_on_the_scale(question, answer):
    kind = KINDS[question["kind"]]
    score = kind.score(question, answer)
    assert score is None or (kind.scale is not None and score in kind.scale)
