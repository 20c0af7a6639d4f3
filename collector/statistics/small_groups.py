"""Who must stay hidden: no figure of fewer than k = 5 people, shown or computable by subtraction.

One line of groups under a total is guarded by `hidden`, a table with totals on both sides by `hidden_cells`,
a selection within another by `discloses`. An empty group is no secret: it is shown as "no data".
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = 5
LOW_BASE = 30
RANKING_BASE = 100

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)
Cell = tuple[Row | None, Column | None]
Line = tuple[Cell[Row, Column], list[Cell[Row, Column]]]


def too_few(n: int, k: int = K) -> bool:
    """Say whether a group has people in it, but fewer than k."""
    return 0 < n < k


def low_base(n: int) -> bool:
    """Say whether a figure rests on so few answers (under 30) that it needs a badge."""
    return n < LOW_BASE


def rankable(n: int) -> bool:
    """Say whether a figure rests on enough answers (100 or more) to be ranked or to raise an alert."""
    return n >= RANKING_BASE


def discloses(n_outer: int, n_inner: int, k: int = K) -> bool:
    """Say whether showing both a selection and a part of it gives away a remainder of fewer than k people."""
    return too_few(n_outer - n_inner, k)


def hidden(groups: Mapping[Key, int], k: int = K) -> frozenset[Key]:
    """Choose the groups to hide under a shown total: those under k, and more until subtraction tells nothing.

    What is hidden together must hold k people and two groups; otherwise the smallest shown group joins it.
    If all groups together hold fewer than k people, all are hidden, and so must be the total.
    """
    chosen = {key for key, n in groups.items() if too_few(n, k)}
    shown = sorted((key for key, n in groups.items() if n >= k), key=lambda key: groups[key], reverse=True)
    while shown and _exposed([groups[key] for key in chosen], k):
        chosen.add(shown.pop())
    return frozenset(chosen)


def hidden_cells(table: Mapping[Row, Mapping[Column, int]], k: int = K) -> frozenset[Cell[Row, Column]]:
    """Choose what to hide in a table with totals, which are (row, None), (None, column) and (None, None).

    Each row and each column is guarded as a line under its total. A number that all lines together still
    give away gets company until they no longer do. Totals are hidden last, as they are largest.
    """
    counts = _with_totals(table)
    chosen = {cell for cell, n in counts.items() if too_few(n, k)}
    while True:
        additions = {cell for line in _lines(counts) for cell in _missing(line, counts, chosen, k)}
        additions = additions or _company(counts, chosen)
        if not additions:
            return frozenset(chosen)
        chosen |= additions


def _exposed(hidden_counts: list[int], k: int) -> bool:
    """Say whether what is hidden under a shown total is one group, or together fewer than k people."""
    return bool(hidden_counts) and (len(hidden_counts) < 2 or sum(hidden_counts) < k)


def _with_totals(table: Mapping[Row, Mapping[Column, int]]) -> dict[Cell[Row, Column], int]:
    """Lay out every number above 0 that the table shows."""
    counts: dict[Cell[Row, Column], int] = {}
    for row, cells in table.items():
        for column, n in cells.items():
            places: tuple[Cell[Row, Column], ...] = ((row, column), (row, None), (None, column), (None, None))
            for place in places if n else ():
                counts[place] = counts.get(place, 0) + n
    return counts


def _lines(counts: Mapping[Cell[Row, Column], int]) -> list[Line[Row, Column]]:
    """Return each row and each column as its total and its parts, smallest part first."""
    ordered = sorted(counts, key=lambda cell: (counts[cell], repr(cell)))
    rows: dict[Row | None, list[Cell[Row, Column]]] = {}
    columns: dict[Column | None, list[Cell[Row, Column]]] = {}
    for row, column in ordered:
        if column is not None:
            rows.setdefault(row, []).append((row, column))
        if row is not None:
            columns.setdefault(column, []).append((row, column))
    by_row: list[Line[Row, Column]] = [((row, None), parts) for row, parts in rows.items()]
    return by_row + [((None, column), parts) for column, parts in columns.items()]


def _missing(
    line: Line[Row, Column], counts: Mapping[Cell[Row, Column], int], chosen: set[Cell[Row, Column]], k: int
) -> set[Cell[Row, Column]]:
    """Return what a line must hide besides what is chosen: parts first, then its total."""
    whole, parts = line
    inside = [counts[part] for part in parts if part in chosen]
    if not (_exposed(inside, k) if whole not in chosen else not inside):
        return set()
    return {next((part for part in parts if part not in chosen), whole)}


def _company(
    counts: Mapping[Cell[Row, Column], int], chosen: set[Cell[Row, Column]]
) -> set[Cell[Row, Column]]:
    """Return one more number to hide beside one that the lines together give away, or nothing.

    Lines are the nodes of a graph and hidden numbers its edges, each in one row and one column. The equations
    of the lines fix an edge exactly when it lies on no cycle (Gusfield 1988, SIAM J. Comput. 17:552).
    """
    for row, column in sorted(chosen, key=repr):
        if _bridges(chosen, row, column):
            shown = [cell for cell in counts if cell not in chosen]
            near = [cell for cell in shown if cell[0] == row or cell[1] == column]
            return {min(near or shown, key=lambda cell: (counts[cell], repr(cell)))} if shown else set()
    return set()


def _bridges(chosen: set[Cell[Row, Column]], row: Row | None, column: Column | None) -> bool:
    """Say whether no other path of hidden numbers leads from the row to the column."""
    rows, columns, grown = {row}, set[Column | None](), True
    others = chosen - {(row, column)}
    while grown and column not in columns:
        size = len(rows) + len(columns)
        columns |= {c for r, c in others if r in rows}
        rows |= {r for r, c in others if c in columns}
        grown = len(rows) + len(columns) > size
    return column not in columns
