"""No slice of fewer than five people is shown, nor left over when shown numbers are subtracted."""

from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.statistics import small_groups

groups = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 20))
tables = st.dictionaries(
    st.sampled_from(["mon", "tue", "wed", "thu", "fri"]),
    st.dictionaries(st.sampled_from(["web", "app", "phone", "shop"]), st.integers(0, 12)),
    min_size=1,
)
Cell = small_groups.Cell[str, str]


def test_large_groups_stay_in_sight() -> None:
    assert small_groups.hidden({"web": 40, "app": 5}) == frozenset()


def test_a_small_group_takes_the_next_smallest_along() -> None:
    assert small_groups.hidden({"web": 40, "app": 3, "phone": 9}) == {"app", "phone"}


def test_two_small_groups_of_three_people_are_not_enough() -> None:
    assert small_groups.hidden({"web": 40, "app": 2, "phone": 1, "shop": 9}) == {"app", "phone", "shop"}


def test_two_small_groups_of_six_people_are_enough() -> None:
    assert small_groups.hidden({"web": 40, "app": 2, "phone": 4}) == {"app", "phone"}


def test_an_empty_group_is_no_secret_and_no_company() -> None:
    assert small_groups.hidden({"web": 40, "app": 3, "phone": 0}) == {"app", "web"}


def test_everything_is_hidden_if_all_together_are_too_few() -> None:
    assert small_groups.hidden({"web": 2, "app": 1}) == {"web", "app"}


def test_a_selection_within_another_must_leave_five_or_nobody() -> None:
    assert small_groups.discloses(100, 97)
    assert not small_groups.discloses(100, 100)
    assert not small_groups.discloses(100, 95)


def test_badge_and_ranking_start_where_the_convention_says() -> None:
    assert small_groups.low_base(29)
    assert not small_groups.low_base(30)
    assert not small_groups.rankable(99)
    assert small_groups.rankable(100)
    assert small_groups.too_few(4)
    assert not small_groups.too_few(0)
    assert not small_groups.too_few(5)


@given(groups)
def test_the_total_less_what_is_shown_never_tells_of_a_few(counts: dict[str, int]) -> None:
    unseen = small_groups.hidden(counts)
    left = [counts[key] for key in unseen]
    assert all(n >= small_groups.K or n == 0 for key, n in counts.items() if key not in unseen)
    assert not left or sum(left) >= small_groups.K or len(left) == sum(n > 0 for n in counts.values())
    assert len(left) != 1 or sum(counts.values()) < small_groups.K


def test_one_small_cell_hides_a_square() -> None:
    table = {"mon": {"web": 20, "app": 3, "phone": 40}, "tue": {"web": 9, "app": 30, "phone": 12}}
    unseen = small_groups.hidden_cells(table)
    assert unseen == {("mon", "app"), ("mon", "web"), ("tue", "web"), ("tue", "app")}


def test_a_row_of_too_few_people_hides_its_total_too() -> None:
    table = {"mon": {"web": 3}, "tue": {"web": 50, "app": 20}, "wed": {"web": 60, "app": 30}}
    unseen = small_groups.hidden_cells(table)
    assert ("mon", "web") in unseen
    assert ("mon", None) in unseen


def test_a_table_of_large_cells_is_shown_whole() -> None:
    assert (
        small_groups.hidden_cells({"mon": {"web": 5, "app": 9}, "tue": {"web": 7, "app": 0}}) == frozenset()
    )


def test_a_cell_between_two_hidden_squares_is_not_left_computable() -> None:
    # Each row and column holds two hidden cells already; yet the one that joins both squares could be computed.
    table = {
        "r1": {"a": 3, "b": 3, "c": 30, "d": 30},
        "r2": {"a": 3, "b": 3, "c": 4, "d": 30},
        "r3": {"a": 30, "b": 30, "c": 3, "d": 3},
        "r4": {"a": 30, "b": 30, "c": 3, "d": 3},
    }
    unseen = small_groups.hidden_cells(table)
    assert ("r2", "c") in unseen
    assert computable(published_equations(table, unseen), unseen) == set()


@given(tables)
def test_no_hidden_number_of_a_table_can_be_solved_for(table: dict[str, dict[str, int]]) -> None:
    unseen = small_groups.hidden_cells(table)
    shown = set(numbers(table)) - unseen
    assert all(numbers(table)[cell] >= small_groups.K for cell in shown)
    assert computable(published_equations(table, unseen), unseen) == set()


@given(tables)
def test_what_a_line_hides_under_its_total_is_five_people_or_more(table: dict[str, dict[str, int]]) -> None:
    unseen, counts = small_groups.hidden_cells(table), numbers(table)
    for row in table:
        left = [counts[cell] for cell in unseen if cell[0] == row and cell[1] is not None]
        if left and (row, None) not in unseen:
            assert sum(left) >= small_groups.K


def numbers(table: dict[str, dict[str, int]]) -> dict[Cell, int]:
    """Every number above 0 that the table would show, totals with None."""
    found: dict[Cell, int] = {}
    for row, cells in table.items():
        for column, n in cells.items():
            for cell in ((row, column), (row, None), (None, column), (None, None)) if n else ():
                found[cell] = found.get(cell, 0) + n
    return found


def published_equations(
    table: dict[str, dict[str, int]], unseen: Iterable[Cell]
) -> list[dict[Cell, Fraction]]:
    """What a reader knows: in each line the hidden parts, less the total if that is hidden, add up to a number."""
    unknown = sorted(unseen, key=repr)
    rows, columns = {row for row, _ in unknown}, {column for _, column in unknown}
    lines = [[cell for cell in unknown if cell[0] == row] for row in rows]
    lines += [[cell for cell in unknown if cell[1] == column] for column in columns]
    by_row = [{cell: Fraction(-1 if cell[1] is None else 1) for cell in line} for line in lines[: len(rows)]]
    by_column = [
        {cell: Fraction(-1 if cell[0] is None else 1) for cell in line} for line in lines[len(rows) :]
    ]
    return by_row + by_column


def computable(equations: list[dict[Cell, Fraction]], unseen: Iterable[Cell]) -> set[Cell]:
    """Solve by exact elimination; a cell that ends up alone in its equation is given away."""
    cells = sorted(unseen, key=repr)
    matrix = [[equation.get(cell, Fraction(0)) for cell in cells] for equation in equations]
    done = 0
    for column in range(len(cells)):
        pivot = next((row for row in range(done, len(matrix)) if matrix[row][column]), None)
        if pivot is None:
            continue
        matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
        head = matrix[done][column]
        matrix[done] = [value / head for value in matrix[done]]
        for row in range(len(matrix)):
            factor = matrix[row][column]
            if row != done and factor:
                matrix[row] = [a - factor * b for a, b in zip(matrix[row], matrix[done], strict=True)]
        done += 1
    alone = [row for row in matrix if sum(value != 0 for value in row) == 1]
    return {cells[next(i for i, value in enumerate(row) if value)] for row in alone}


@pytest.mark.parametrize("k", [2, 10])
def test_k_can_be_set(k: int) -> None:
    assert (small_groups.hidden({"web": 40, "app": 3, "phone": 9}, k) == frozenset()) == (k == 2)
