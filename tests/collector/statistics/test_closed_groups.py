"""Closed groups of five: what is released when, what stays back, and what an erasure takes along."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from collector.statistics.closed_groups import SIZE, Book, held_back

DAY = date(2026, 11, 23)


def book(*categories: str) -> Book[int]:
    made: Book[int] = Book()
    for number, category in enumerate(categories):
        made.arrive(category, number, DAY)
    return made


def shown(made: Book[int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for group in made.published():
        counts[group.category] = counts.get(group.category, 0) + len(group.answers)
    return counts


def test_answers_are_released_five_at_a_time_in_the_order_they_came() -> None:
    made = book(*["senior"] * 10)
    assert [group.answers for group in made.published()] == [(0, 1, 2, 3, 4), (5, 6, 7, 8, 9)]


def test_two_juniors_beside_ten_seniors_keep_five_seniors_back() -> None:
    assert shown(book(*["senior"] * 10, "junior", "junior")) == {"senior": 5}


def test_two_more_seniors_keep_the_juniors_back() -> None:
    assert shown(book(*["senior"] * 10, *["junior"] * 5, "senior", "senior")) == {"senior": 10}


def test_a_rest_of_five_in_two_categories_needs_no_company() -> None:
    assert shown(book(*["senior"] * 8, "junior", "junior")) == {"senior": 5}


def test_where_everyone_is_of_one_category_the_rest_is_five_or_nobody() -> None:
    assert shown(book(*["senior"] * 5)) == {"senior": 5}
    assert shown(book(*["senior"] * 12)) == {"senior": 5}


def test_the_category_that_stays_back_is_the_largest() -> None:
    assert held_back({"a": 3, "b": 1}, {"a": 2, "b": 2}) == "a"
    assert held_back({"a": 3, "b": 1}, {"a": 2}) == "b"
    assert held_back({"a": 3, "b": 1}, {"a": 4, "b": 1}) is None
    assert held_back({}, {"a": 2, "b": 1}) is None


def test_a_group_is_booked_on_the_day_of_its_release() -> None:
    made = book(*["senior"] * 5, "junior")
    assert shown(made) == {}
    for number in range(4):
        made.arrive("junior", 6 + number, date(2026, 11, 24))
    assert {group.released for group in made.published()} == {date(2026, 11, 24)}


def test_an_erasure_takes_its_group_along_and_the_other_four_stay_back() -> None:
    made = book(*["senior"] * 10, *["junior"] * 5)
    made.erase(2)
    assert {answer for _, answer in made.rest()} >= {0, 1, 3, 4}
    for number in range(20, 40):
        made.arrive("senior", number, DAY)
    grouped = {answer for group in made.groups for answer in group.answers}
    assert not grouped & {0, 1, 2, 3, 4}


def test_erasing_one_who_waits_leaves_the_groups_alone() -> None:
    made = book(*["senior"] * 10, "junior", "junior")
    made.erase(10)
    made.erase(11)
    assert shown(made) == {"senior": 10}
    made.erase(99)
    assert shown(made) == {"senior": 10}


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", ""]), st.booleans()), max_size=60))
def test_whatever_comes_and_goes_the_rest_is_nobody_or_five_of_two_categories(
    events: list[tuple[str, bool]],
) -> None:
    made: Book[int] = Book()
    for number, (category, leaves) in enumerate(events):
        made.arrive(category, number, DAY)
        if leaves:
            made.erase(number // 2)
        rest = list(made.rest())
        present = {group.category for group in made.groups} | {category for category, _ in rest}
        if rest and any(made.published()):
            assert len(rest) >= SIZE
            assert len({category for category, _ in rest}) >= min(2, len(present))
