"""Sample sizes beyond the published ones: they grow and shrink as they should."""

import pytest

from collector.statistics import sample_size
from collector.statistics.intervals import nps_adjusted_wald, wilson


def test_the_promised_margin_is_met_by_the_promised_answers() -> None:
    n = sample_size.for_share(0.05)
    bounds = wilson(n / 2, n)
    assert (bounds.high - bounds.low) / 2 <= 0.05
    n = sample_size.for_nps(0.10)
    bounds = nps_adjusted_wald(n // 3, n // 3, n // 3)
    assert (bounds.high - bounds.low) / 2 == pytest.approx(0.10, abs=0.001)


def test_half_the_margin_takes_four_times_the_answers() -> None:
    assert sample_size.for_mean(0.1, variance=2.5) == pytest.approx(
        4 * sample_size.for_mean(0.2, 2.5), rel=0.01
    )


def test_telling_two_nps_apart_takes_more_than_knowing_one() -> None:
    # (1.959964 + 0.841621)² * 1.34 / 0.1² - 3 = 1048.8
    assert sample_size.for_nps_difference(0.10) == 1049
    assert sample_size.for_nps_difference(0.10, power=0.9) > 1049


def test_a_difference_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="difference of 0"):
        sample_size.for_shares_pooled(0.1, 0.1)
    with pytest.raises(ValueError, match="difference of 0"):
        sample_size.for_nps(0)


def test_a_wish_that_costs_nothing_still_takes_one_answer() -> None:
    assert sample_size.for_nps(1.9) == 1
