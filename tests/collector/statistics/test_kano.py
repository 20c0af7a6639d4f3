"""Kano's evaluation table cell by cell, Fong's test around its limit, better and worse."""

from __future__ import annotations

import pytest

from collector.statistics import kano

TABLE = {
    "like": ["questionable", "attractive", "attractive", "attractive", "one_dimensional"],
    "expect": ["reverse", "indifferent", "indifferent", "indifferent", "must_be"],
    "neutral": ["reverse", "indifferent", "indifferent", "indifferent", "must_be"],
    "live_with": ["reverse", "indifferent", "indifferent", "indifferent", "must_be"],
    "dislike": ["reverse", "reverse", "reverse", "reverse", "questionable"],
}


@pytest.mark.parametrize("functional", kano.ANSWERS)
def test_the_evaluation_table(functional: str) -> None:
    row = [kano.category((kano.ANSWERS.index(functional), at)) for at in range(5)]
    assert [kano.CATEGORIES[place] for place in row] == TABLE[functional]


def test_a_category_leads_only_beyond_chance() -> None:
    # 100 people, 45 and 30: the limit is 1.65 sqrt(75 * 125 / 200) = 11.3
    assert kano.stands_apart({0: 45, 2: 30, 3: 25})
    assert not kano.stands_apart({0: 40, 2: 30, 3: 30})
    assert not kano.stands_apart({})
    assert kano.stands_apart({3: 20})


def test_better_and_worse_leave_reverse_and_questionable_out() -> None:
    assert kano.better_worse({0: 20, 1: 30, 2: 10, 3: 40, 4: 9, 5: 7}) == (0.5, -0.4)
    assert kano.better_worse({4: 3}) is None
