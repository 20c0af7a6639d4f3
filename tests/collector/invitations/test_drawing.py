"""The draw: each place its share, the same everywhere, and no draw moved without need."""

from __future__ import annotations

import math

import pytest

from collector.invitations.drawing import Draw, chance, way_of
from collector.journeys.asking import END, Asking, weights

STOPS = [("a1", "a"), ("b1", "b"), ("b2", "b"), ("c1", "c")]
WAYS = 4000


def drawn(shares: dict[str, float], most: int = 1) -> list[set[str]]:
    return [{p for p in shares if Draw(f"j\0{n}", shares).takes(p, most)} for n in range(WAYS)]


@pytest.mark.parametrize("shares", [{"a": 1.0, "b": 1.0, "c": 1.0}, {"a": 1.0, "b": 2.0, "c": 5.0, "d": 2.0}])
@pytest.mark.parametrize("most", [1, 2])
def test_each_place_is_drawn_as_likely_as_it_says(shares: dict[str, float], most: int) -> None:
    found = drawn(shares, most)
    assert {len(places) for places in found} == {most}
    for place in shares:
        p = Draw("any", shares).probability(place, most)
        share = sum(place in places for places in found) / WAYS
        assert abs(share - p) < 3.5 * math.sqrt(p * (1 - p) / WAYS), place


def test_the_chances_are_those_of_drawing_without_putting_back() -> None:
    assert chance(2.0, (1.0, 1.0), 1) == 0.5
    second = 0.25 * 2 / 3 * 2  # another one first, then this one
    assert chance(2.0, (1.0, 1.0), 2) == pytest.approx(0.5 + second, abs=1e-5)
    assert chance(1.0, (1.0, 1.0), 3) == 1.0
    assert chance(0.0, (1.0,), 2) == 0.0


def test_a_place_that_comes_moves_only_the_draws_that_it_takes() -> None:
    before, after = drawn({"a": 1.0, "b": 1.0}), drawn({"a": 1.0, "b": 1.0, "c": 1.0})
    assert all(new in (old, {"c"}) for old, new in zip(before, after, strict=True))


def test_where_nothing_links_two_contacts_nothing_is_drawn() -> None:
    assert way_of("j", None, None) is None
    assert way_of(None, "i", "t") is None
    assert way_of("j", "i", "t") == way_of("j", "i", None)
    assert way_of("j", None, "t") is not None


def test_a_place_outside_the_plan_asks_as_if_there_were_none() -> None:
    draw = Draw("w", {"a": 1.0})
    assert draw.takes("elsewhere")
    assert draw.probability("elsewhere") == 1.0


def test_without_shares_every_touchpoint_that_asks_weighs_the_same() -> None:
    assert weights(Asking(), STOPS, {"b", "c"}) == {"b": 1.0, "c": 1.0}


def test_a_touchpoint_has_the_shares_of_all_its_steps_and_none_without() -> None:
    plan = Asking(shares={"a1": 1, "b1": 2, "b2": 3})
    assert weights(plan, STOPS, {"a", "b", "c"}) == {"a": 1.0, "b": 5.0, "c": 0.0}


def test_the_end_alone_is_the_question_about_the_journey_or_the_last_step_that_asks() -> None:
    end = Asking("end")
    assert weights(end, STOPS, {"a", "b"}) == {"a": 0.0, "b": 1.0}
    assert weights(end, STOPS, {"a", "b"}, asks_at_end=True) == {"a": 0.0, "b": 0.0, END: 1.0}
    assert weights(end, STOPS, set()) == {}
