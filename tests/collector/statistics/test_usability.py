"""Usability questionnaires land on 0 to 100."""

import pytest

from collector.statistics.usability import sus, umux_lite


def test_sus_turns_the_even_items_round() -> None:
    assert sus([5, 1] * 5) == 100
    assert sus([1, 5] * 5) == 0
    assert sus([3] * 10) == 50
    assert sus([4, 2, 4, 1, 5, 2, 4, 2, 4, 3]) == 77.5


def test_umux_lite_spans_the_scale() -> None:
    assert umux_lite(1, 1) == 0
    assert umux_lite(7, 7) == 100


def test_answers_off_the_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="ten answers"):
        sus([3] * 9)
    with pytest.raises(ValueError, match="ten answers"):
        sus([6] * 10)
    with pytest.raises(ValueError, match="two answers"):
        umux_lite(0, 5)
