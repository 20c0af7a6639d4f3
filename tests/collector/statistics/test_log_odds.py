"""Words that tell two groups of texts apart, and how many of them are chance."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from collector.statistics import exact, false_discoveries, log_odds


def test_log_odds_by_hand() -> None:
    """32/78 against 12/98: the counts 30 of 100 and 10 of 100, each with a prior of 2 in 10."""
    delta, z = log_odds.log_odds(30, 100, 10, 100, 2.0, 10.0)
    assert delta == pytest.approx(-0.8909729 + 2.1000611, abs=1e-6)
    assert z == pytest.approx(1.2090882 / (1 / 32 + 1 / 12) ** 0.5, abs=1e-5)


def test_q_values_of_benjamini_and_hochberg() -> None:
    """Their own example (1995, section 3.2): at 0.05 the first four of fifteen are stated."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
         0.6528, 0.7590, 1.0]  # fmt: skip
    q = false_discoveries.q_values(p)
    assert sum(each <= 0.05 for each in q) == 4
    assert q[3] == pytest.approx(0.0095 * 15 / 4)
    assert q == sorted(q)
    assert false_discoveries.q_values([]) == []
    assert false_discoveries.q_values(p[::-1]) == q[::-1]


def test_fishers_tea() -> None:
    """Fisher 1935: four cups of eight, of which three or all were told right: 17 in 70, and 1 in 70."""
    assert exact.at_least(3, 4, 1, 4) == pytest.approx(17 / 70)
    assert exact.at_least(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert exact.at_least(0, 4, 4, 4) == pytest.approx(1.0)
    assert exact.two_sided(3, 4, 1, 4) == pytest.approx(34 / 70)
    assert exact.two_sided(2, 4, 2, 4) == 1.0


def test_the_word_that_marks_a_side_stands_first() -> None:
    of = Counter({"late": 40, "came": 50, "nice": 2})
    against = Counter({"late": 3, "came": 52, "nice": 45})
    first, *_rest, last = log_odds.contrasts(of, against, 60, 60)
    assert (first.word, last.word) == ("late", "nice")
    assert [each.word for each in log_odds.standing_out([first, *_rest, last], 0.05)] == ["late"]


def test_what_fewer_than_five_wrote_is_not_looked_at() -> None:
    found = log_odds.contrasts(Counter({"a": 4, "b": 30}), Counter({"b": 30}), 40, 40)
    assert [each.word for each in found] == ["b"]


def test_without_texts_on_one_side_nothing_stands_out() -> None:
    assert log_odds.contrasts(Counter({"a": 9}), Counter(), 9, 0)[0].q == 1.0


def test_where_nothing_differs_a_word_is_stated_in_few_of_a_hundred_looks() -> None:
    """The bound is 5 of 100; 12 would come by chance in one run of 400."""
    chance, false = random.Random(5), 0
    words = [f"w{number}" for number in range(150)]
    weights = [1 / (number + 2) for number in range(150)]
    for _ in range(100):
        texts = [set(chance.choices(words, weights, k=8)) for _ in range(160)]
        of, against = (Counter(word for text in side for word in text) for side in (texts[:60], texts[60:]))
        false += bool(
            log_odds.standing_out(log_odds.contrasts(of, against, len(texts[:60]), len(texts[60:])), 0.05)
        )
    assert false <= 11
