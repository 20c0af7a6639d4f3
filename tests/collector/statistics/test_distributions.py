"""Quantiles and tails against printed tables and values made once with scipy 1.17."""

import pytest

from collector.statistics.distributions import chi_square_tail, t_central, t_quantile, two_sided_p, z_quantile


def test_the_normal_quantile_of_95_percent() -> None:
    assert z_quantile(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert two_sided_p(-1.959964) == pytest.approx(0.05, abs=1e-7)


@pytest.mark.parametrize(
    ("level", "df", "t"),
    [
        (0.95, 1, 12.706),
        (0.95, 2, 4.303),
        (0.95, 4, 2.776),
        (0.95, 9, 2.262),
        (0.95, 30, 2.042),
        (0.95, 120, 1.980),
        (0.99, 5, 4.032),
        (0.99, 60, 2.660),
        (0.90, 10, 1.812),
    ],
)
def test_students_quantiles_of_the_printed_table(level: float, df: int, t: float) -> None:
    assert t_quantile(level, df) == pytest.approx(t, abs=5e-4)


def test_students_expansion_takes_over_without_a_step() -> None:
    # scipy.stats.t.ppf(0.975, 200 and 201)
    assert t_quantile(0.95, 200) == pytest.approx(1.9718962236339088, rel=1e-9)
    assert t_quantile(0.95, 201) == pytest.approx(1.971836506779859, rel=1e-9)


@pytest.mark.parametrize("df", [1, 2, 3, 8, 77])
def test_students_quantile_inverts_its_distribution(df: int) -> None:
    assert t_central(t_quantile(0.8, df), df) == pytest.approx(0.8, abs=1e-10)


@pytest.mark.parametrize(
    ("statistic", "df", "p"),
    [(3.841, 1, 0.05), (5.991, 2, 0.05), (9.488, 4, 0.05), (6.635, 1, 0.01), (18.307, 10, 0.05)],
)
def test_chi_square_tails_of_the_printed_table(statistic: float, df: int, p: float) -> None:
    assert chi_square_tail(statistic, df) == pytest.approx(p, abs=5e-5)


def test_chi_square_far_out_keeps_its_digits() -> None:
    # scipy.stats.chi2.sf(100, 3)
    assert chi_square_tail(100, 3) == pytest.approx(1.5541594313896026e-21, rel=1e-9)
    assert chi_square_tail(0, 3) == 1


@pytest.mark.parametrize("df", [0, -1])
def test_no_degrees_of_freedom_are_refused(df: int) -> None:
    with pytest.raises(ValueError, match="degree"):
        t_quantile(0.95, df)
    with pytest.raises(ValueError, match="degree"):
        chi_square_tail(1, df)
