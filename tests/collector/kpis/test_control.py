"""Control limits of a trend: wide enough for usual ups and downs, and silent where there is too little to tell."""

from __future__ import annotations

import pytest

from collector.kpis import METRICS, control

CSAT, NPS = METRICS["csat"], METRICS["nps"]


def stretch(good: int, n: int = 100) -> dict[int, int]:
    return {5: good, 1: n - good}


def test_a_stretch_that_falls_out_of_the_usual_is_marked() -> None:
    usual = [stretch(good) for good in (70, 72, 68, 71, 69, 73, 67, 70, 71)]
    found = control.limits(CSAT, [*usual, stretch(30)])
    assert [each.outside for each in found if each] == [False] * 9 + [True]
    assert all(each and each.low < 70 < each.high for each in found)


def test_what_varies_by_itself_has_wider_limits() -> None:
    calm = control.limits(CSAT, [stretch(good) for good in (66, 68, 64, 67, 65, 69, 63, 66)])
    restless = control.limits(CSAT, [stretch(good) for good in (50, 82, 48, 84, 52, 80, 50, 82)])
    assert calm[0]
    assert restless[0]
    assert restless[0].high - restless[0].low > 2 * (calm[0].high - calm[0].low)
    assert not any(each.outside for each in restless if each)


def test_the_nps_has_limits_in_points() -> None:
    found = control.limits(NPS, [{9: 50 + n % 3, 7: 30, 0: 20} for n in range(8)])
    assert all(each and -100 <= each.low < 30 < each.high <= 100 for each in found)


@pytest.mark.parametrize(
    "stretches",
    [[stretch(70)] * 7, [stretch(70)] * 8 + [stretch(20, 29)]],
    ids=["seven stretches", "one of 29 answers"],
)
def test_too_little_gives_no_limits(stretches: list[dict[int, int]]) -> None:
    assert control.limits(CSAT, stretches) == []


def test_a_gap_has_no_limits_and_spoils_none() -> None:
    found = control.limits(CSAT, [*[stretch(70 + n) for n in range(8)], {}])
    assert found[-1] is None
    assert all(found[:-1])
