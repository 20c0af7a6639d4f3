"""Response rates: each station with its own denominator, and silence told apart from not being asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.kpis.response_rate import Dispositions, Funnel, aapor, rates

station = st.integers(0, 1000)


def test_each_station_is_a_share_of_the_one_it_follows() -> None:
    found = rates(Funnel(eligible=1000, sampled=400, displayed=300, started=120, completed=90, commented=40))
    assert [(name, each.count, each.base) for name, each in found.items()] == [
        ("sampled", 400, 1000),
        ("displayed", 300, 400),
        ("started", 120, 300),
        ("completed", 90, 120),
        ("commented", 40, 120),
    ]
    assert found["started"].value == 40
    assert found["started"].low == pytest.approx(34.62, abs=0.01)


def test_the_suppressed_are_not_counted_as_silent() -> None:
    asked = rates(Funnel(100, 100, 100, 30, 30, 0))["started"]
    with_suppressed = rates(Funnel(5000, 100, 100, 30, 30, 0))["started"]
    assert asked == with_suppressed


def test_an_answer_whose_display_was_never_reported_counts_as_displayed() -> None:
    found = rates(Funnel(eligible=10, sampled=10, displayed=2, started=3, completed=4, commented=1))
    assert (found["displayed"].count, found["started"].count) == (4, 4)


def test_a_funnel_of_nobody_has_no_rates() -> None:
    assert all(each.value is None for each in rates(Funnel(0, 0, 0, 0, 0, 0)).values())


@given(st.builds(Funnel, station, station, station, station, station, station))
def test_no_rate_leaves_its_range_however_events_went_missing(funnel: Funnel) -> None:
    for each in rates(funnel).values():
        assert each.value is None or 0 <= each.value <= 100


def test_nobody_invited_has_no_response_rate() -> None:
    assert set(aapor(Dispositions(0, 0, 0, 0), 1).values()) == {None}


def test_an_eligible_share_over_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        aapor(Dispositions(1, 0, 0, 0), 1.2)


@given(st.builds(Dispositions, *[station] * 7).filter(lambda d: d.complete > 0), st.floats(0, 1))
def test_the_six_rates_keep_their_order(counts: Dispositions, eligible_share: float) -> None:
    found = {name: rate for name, rate in aapor(counts, eligible_share).items() if rate is not None}
    assert found["RR1"] <= found["RR3"] <= found["RR5"] <= 1
    assert found["RR2"] <= found["RR4"] <= found["RR6"] <= 1
    assert found["RR1"] <= found["RR2"]
