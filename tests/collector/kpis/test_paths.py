"""Paths: a log made by hand, and what it says about ways, repeats, waiting and giving up."""

from datetime import UTC, datetime, timedelta

import pytest

from collector.kpis import paths
from collector.kpis.paths import Visit

START = datetime(2026, 11, 2, 10, tzinfo=UTC)
ENDS = frozenset({"end"})
MONTH = timedelta(days=30)


def instance(*visits: tuple[str, float]) -> list[Visit]:
    """Visits as (step, hours after the start)."""
    return [Visit(step, START + timedelta(hours=hours)) for step, hours in visits]


def walk(steps: str) -> list[Visit]:
    return instance(*((step, hour) for hour, step in enumerate(steps)))


def test_req_029_the_most_travelled_paths_come_first() -> None:
    log = [walk("ABC")] * 3 + [walk("AC")] * 5 + [walk("AB")] * 3 + [[]]
    assert paths.top_paths(log, limit=2) == [(("A", "C"), 5), (("A", "B"), 3)]
    assert len(paths.top_paths(log)) == 3


def test_req_035_a_b_b_c_is_one_repeat_in_four_visits() -> None:
    found = paths.repeat_rate([walk("ABBC")])
    assert (found.count, found.base, found.value) == (1, 4, 25)
    assert paths.repeat_rates([walk("ABBC")])["B"].value == 50


def test_coming_back_later_is_a_repeat_too() -> None:
    assert paths.repeat_rates([walk("ABA"), walk("A")])["A"].count == 1


def test_req_036_an_instance_silent_for_the_timeout_counts_as_abandoned() -> None:
    log = [instance(("A", 0), ("end", 5)), instance(("A", 0)), instance(("A", 0), ("B", 24 * 20))]
    found = paths.abandonment(log, ENDS, MONTH, now=START + MONTH)
    assert (found.count, found.base) == (1, 2)


def test_req_036_a_late_event_reopens_an_abandoned_instance() -> None:
    silent = instance(("A", 0))
    now = START + timedelta(days=40)
    assert paths.is_abandoned(silent, ENDS, MONTH, now)
    assert not paths.is_abandoned([*silent, Visit("B", START + timedelta(days=39))], ENDS, MONTH, now)
    assert not paths.is_abandoned([*silent, Visit("end", START + timedelta(days=1))], ENDS, MONTH, now)


def test_nothing_that_is_over_gives_no_rate() -> None:
    assert paths.abandonment([instance(("A", 0)), []], ENDS, MONTH, now=START).value is None


def test_req_107_dwell_times_are_the_medians_of_a_log_made_by_hand() -> None:
    log = [
        instance(("A", 0), ("B", 1), ("C", 5)),
        instance(("A", 0), ("B", 3), ("B", 4), ("C", 13)),
        instance(("A", 0), ("B", 8)),
    ]
    found = paths.dwell_times(log)
    assert found["A"] == paths.Dwell(3, timedelta(hours=3))
    assert found["B"] == paths.Dwell(2, timedelta(hours=7))
    assert "C" not in found


def test_req_107_drop_off_is_where_the_abandoned_were_last_seen() -> None:
    log = [walk("AB"), walk("AB"), walk("A"), [*walk("AB"), Visit("end", START)]]
    found = paths.drop_offs(log, ENDS, MONTH, now=START + timedelta(days=60))
    assert (found["B"].count, found["B"].base) == (2, 3)
    assert found["A"].value == 25
    assert found["end"].value == 0


def test_someone_who_came_twice_drops_off_once() -> None:
    found = paths.drop_offs([walk("ABA")], ENDS, MONTH, now=START + timedelta(days=60))
    assert (found["A"].count, found["A"].base) == (1, 1)


def test_the_time_between_two_steps_skips_what_lies_between() -> None:
    log = [
        instance(("A", 0), ("X", 1), ("C", 4)),
        instance(("C", 0), ("A", 1), ("C", 7)),
        instance(("A", 0)),
        instance(("C", 3)),
    ]
    assert paths.time_between(log, "A", "C") == paths.Dwell(2, timedelta(hours=5))
    assert paths.time_between(log, "C", "nowhere") is None


def test_an_empty_log_says_nothing() -> None:
    assert paths.top_paths([]) == []
    assert paths.repeat_rate([]).value is None
    assert paths.dwell_times([]) == {}


@pytest.mark.parametrize("hours", [24 * 30, 24 * 30 + 1])
def test_the_timeout_itself_is_long_enough(hours: int) -> None:
    assert paths.is_abandoned(instance(("A", 0)), ENDS, MONTH, now=START + timedelta(hours=hours))
