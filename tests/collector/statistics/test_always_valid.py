"""Always-valid inference: what it errs at over many looks, and that it is what its sources say."""

from __future__ import annotations

from math import exp, hypot, sqrt
from random import Random

import pytest

from collector.statistics import Group, Interval, always_valid, exact, hypotheses
from collector.statistics.distributions import z_quantile

RUNS, ANSWERS, LOOK = 2_000, 1_000, 10
TAU = 0.1


def test_with_no_true_difference_a_look_after_every_ten_answers_errs_in_five_percent_of_runs_at_most() -> (
    None
):
    """2,000 runs of 1,000 answers; the same looks by plain 95 % intervals err several times as often."""
    random = Random(4)
    found = [_looked_at(random) for _ in range(RUNS)]
    always, plain = (sum(errors) / RUNS for errors in zip(*found, strict=True))
    assert always <= 0.05
    assert plain > 0.2


def _looked_at(random: Random) -> tuple[bool, bool]:
    """Whether a run without a difference ever seems to have one: by the sequence, and by looks at a plain interval."""
    always = plain = False
    hits, n, each = [0, 0], 0, LOOK // 2
    for _ in range(ANSWERS // LOOK):
        n += each
        hits = [hit + random.getrandbits(each).bit_count() for hit in hits]
        if n < always_valid.LEAST:
            continue
        (a, error_a), (b, error_b) = (_adjusted(hit, n) for hit in hits)
        error = hypot(error_a, error_b)
        bounds = always_valid.difference(a - b, error, TAU)
        always = always or not bounds.low <= 0 <= bounds.high
        plain = plain or abs(a - b) > z_quantile(0.95) * error
    return always, plain


def _adjusted(hits: int, n: int) -> tuple[float, float]:
    more, centre = n + 3, (hits + 1.5) / (n + 3)
    squares = hits * (1 - centre) ** 2 + (n - hits) * centre**2
    return centre, sqrt(squares + centre**2 + (centre - 0.5) ** 2 + (1 - centre) ** 2) / more


def test_the_simulation_computes_what_the_verdict_does() -> None:
    groups = [Group.of({0: 60 - hits, 1: hits}, 0, 1) for hits in (20, 41)]
    found = hypotheses.always_difference(groups[0], groups[1], TAU)
    (a, error_a), (b, error_b) = (_adjusted(hits, 60) for hits in (20, 41))
    assert found.bounds == always_valid.difference(a - b, hypot(error_a, error_b), TAU)


def test_a_share_without_hits_has_a_closed_form() -> None:
    """11 (1 - p)^10 = 0.05: Robbins' mixture at n = 10, k = 0."""
    bounds = always_valid.share(0, 10)
    assert bounds.low == 0.0
    assert bounds.high == pytest.approx(1 - (0.05 / 11) ** 0.1)
    assert always_valid.share(10, 10) == Interval(pytest.approx(1 - bounds.high), 1.0)


def test_the_edges_of_a_share_are_where_its_p_value_is_alpha() -> None:
    bounds = always_valid.share(62, 100)
    assert bounds.low < 0.62 < bounds.high
    for edge in (bounds.low, bounds.high):
        assert always_valid.share_p(62, 100, edge) == pytest.approx(0.05, rel=1e-6)


def test_a_share_is_never_left_by_more_than_five_percent() -> None:
    random, left = Random(1), 0
    for _ in range(500):
        hits = 0
        for n in range(1, 301):
            hits += random.random() < 0.3
            if n % 10 == 0 and always_valid.share_p(hits, n, 0.3) <= 0.05:
                left += 1
                break
    assert left / 500 <= 0.05


def test_the_msprt_is_the_published_formula() -> None:
    """Johari et al.: sqrt(V / (V + n tau²)) exp(n² tau² d² / (2 V (V + n tau²)))."""
    n, v, tau, gap = 250, 0.5, 0.1, 0.12
    published = sqrt(v / (v + n * tau**2)) * exp(n**2 * tau**2 * gap**2 / (2 * v * (v + n * tau**2)))
    assert exp(always_valid.evidence(gap, sqrt(v / n), tau)) == pytest.approx(published)
    assert always_valid.p_value(gap, sqrt(v / n), tau) == pytest.approx(min(1, 1 / published))


def test_the_interval_leaves_out_no_difference_exactly_where_p_is_alpha() -> None:
    bounds = always_valid.difference(0.1, 0.03, TAU)
    assert always_valid.p_value(0.1 - bounds.low, 0.03, TAU) == pytest.approx(0.05)


def test_fishers_tea() -> None:
    """One-sided (Fisher 1935): four of four cups told apart by chance in 1 of 70 cases, three in 17."""
    assert exact.at_least(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert exact.at_least(3, 4, 1, 4) == pytest.approx(17 / 70)


def test_the_exact_p_value_is_that_of_clopper_and_pearsons_interval() -> None:
    """81 of 263: the interval's own edge has p = 0.05."""
    group = Group.of({0: 182, 1: 81}, 0, 1)
    found = hypotheses.fixed_threshold(group, 0.3)
    assert found.bounds is not None
    assert hypotheses.fixed_threshold(group, found.bounds.low).p == pytest.approx(0.05, abs=1e-6)
    assert hypotheses.fixed_threshold(group, found.bounds.high).p == pytest.approx(0.05, abs=1e-6)
