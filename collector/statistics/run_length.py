"""Run lengths: how many answers until a Bernoulli CUSUM alarms, and the threshold for a wanted run length.

Both steps of the sum are put on one grid by the best fraction for their ratio; from there the mean run length is
exact: the solution of a Markov chain's linear equations (Brook & Evans 1972, Biometrika 59:539).
"""

from fractions import Fraction
from itertools import count
from math import ceil, inf, isfinite, log
from random import Random
from typing import NamedTuple

from collector.statistics.control_charts import BernoulliCusum

FINEST = 50
"""At most so many parts in a step: enough that the run length is right to a tenth."""
LEAST_ABOVE = 0.005
"""So much above the sum that must not alarm yet: far from what rounding adds up to."""
OVERSHOOT = 0.28
"""By about so much a sum passes the threshold, for shares and run lengths as they are in use: a start nearer to the end."""
HALVE_AFTER = 8
"""Steps by lines, after which the rest is halved: where the logarithm is no line, none goes on for ever."""


def mean_run_length(chart: BernoulliCusum, p: float) -> float:
    """Return the mean number of answers from a sum of 0 until the alarm if the true share is p.

    With p = p0 this is the time between false alarms, with p = p1 the time to notice.
    """
    if not 0 < p < 1:
        raise ValueError("a true share lies between 0 and 1")
    grid = _grid(chart.p0, chart.p1)
    return _solve(_equations(p, grid.rise, grid.fall, max(1, ceil(chart.threshold / grid.part - 1e-9))))


def threshold(p0: float, p1: float, run_length: float) -> float:
    """Return the threshold at which alarms are on average at least run_length answers apart while all is well.

    The logarithm of the mean run length is nearly a line in the threshold, of slope 1 (Wald 1947, Siegmund 1985): from
    Wald's approximation a line through what was solved last finds the least number of states in three or four steps.
    """
    if run_length < 1:
        raise ValueError("an alarm takes one answer at least")
    grid = _grid(p0, p1)
    size, low, high = _guess(p0, p1, run_length, grid), (0, -inf), (0, inf)
    for tried in count():
        beyond = log(_solve(_equations(p0, grid.rise, grid.fall, size)) / run_length)
        low, high = (low, (size, beyond)) if beyond >= 0 else ((size, beyond), high)
        if high[0] == low[0] + 1:
            break
        slope = (high[1] - low[1]) / (high[0] - low[0]) if isfinite(high[1] - low[1]) else grid.part
        by_line = tried < HALVE_AFTER or not high[0]
        wanted = ceil(size - beyond / slope) if by_line else (low[0] + high[0]) // 2
        size = max(low[0] + 1, min(wanted, high[0] - 1 if high[0] else 2 * low[0] + 8))
    return (high[0] - 1) * grid.part + min(grid.part / 2, LEAST_ABOVE)


class Grid(NamedTuple):
    """A step up and a step down in whole parts, and how large a part is."""

    rise: int
    fall: int
    part: float


def _grid(p0: float, p1: float) -> Grid:
    up, down = log(p1 / p0), log((1 - p0) / (1 - p1))
    ratio = Fraction(up / down).limit_denominator(max(1, int(FINEST * min(1.0, down / up))))
    return Grid(max(1, ratio.numerator), ratio.denominator, down / ratio.denominator)


def _guess(p0: float, p1: float, run_length: float, grid: Grid) -> int:
    """The states that Wald's approximation asks for: the run length is (e^h - h - 1) over the mean step while all is well."""
    step = (1 - p0) * log((1 - p0) / (1 - p1)) - p0 * log(p1 / p0)
    height = log(run_length * step + 1)
    for _ in range(3):
        height = log(run_length * step + 1 + height)
    return max(1, ceil((height - OVERSHOOT) / grid.part))


def simulated_run_length(chart: BernoulliCusum, p: float, random: Random, limit: int = 1_000_000) -> int:
    """Return the number of answers until one alarm in a simulated row, at most limit: the check on the mean."""
    total = 0.0
    for answers in range(1, limit + 1):
        total = chart.add(total, random.random() < p)
        if total >= chart.threshold:
            return answers
    return limit


Equations = list[dict[int, float]]
"""Row i holds the coefficients of L(i) - p L(i + rise) - (1 - p) L(max(0, i - fall)) = 1."""


def _equations(p: float, rise: int, fall: int, size: int) -> Equations:
    rows: Equations = []
    for state in range(size):
        row = {state: 1.0}
        if state + rise < size:
            row[state + rise] = -p
        back = max(0, state - fall)
        row[back] = row.get(back, 0.0) - (1 - p)
        rows.append(row)
    return rows


def _solve(rows: Equations) -> float:
    """Eliminate from the highest state down and return the solution for state 0, right sides all 1.

    The matrix is a weakly diagonally dominant M-matrix, so no pivoting is needed.
    """
    size = len(rows)
    right = [1.0] * size
    above: list[set[int]] = [set() for _ in rows]
    for place, row in enumerate(rows):
        for column in row:
            if column > place:
                above[column].add(place)
    for pivot in range(size - 1, 0, -1):
        for place in above[pivot]:
            factor = rows[place].pop(pivot) / rows[pivot][pivot]
            right[place] -= factor * right[pivot]
            for column, value in rows[pivot].items():
                if column == pivot:
                    continue
                rows[place][column] = rows[place].get(column, 0.0) - factor * value
                if column > place:
                    above[column].add(place)
    return right[0] / rows[0][0]
