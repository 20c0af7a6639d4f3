"""Run lengths: how many answers until a Bernoulli CUSUM alarms, and the threshold for a wanted run length.

Both steps of the sum are put on one grid by the best fraction for their ratio; from there the mean run length is
exact: the solution of a Markov chain's linear equations (Brook & Evans 1972, Biometrika 59:539).
"""

from fractions import Fraction
from math import ceil, log
from random import Random

from collector.statistics.control_charts import BernoulliCusum

FINEST = 50
"""At most so many parts in a step: enough that the run length is right to a tenth."""


def mean_run_length(chart: BernoulliCusum, p: float) -> float:
    """Return the mean number of answers from a sum of 0 until the alarm if the true share is p.

    With p = p0 this is the time between false alarms, with p = p1 the time to notice.
    """
    if not 0 < p < 1:
        raise ValueError("a true share lies between 0 and 1")
    up, down = log(chart.p1 / chart.p0), log((1 - chart.p0) / (1 - chart.p1))
    ratio = Fraction(up / down).limit_denominator(max(1, int(FINEST * min(1.0, down / up))))
    rise, fall = max(1, ratio.numerator), ratio.denominator
    size = max(1, ceil(chart.threshold / down * fall - 1e-9))
    return _solve(_equations(p, rise, fall, size))


def threshold(p0: float, p1: float, run_length: float) -> float:
    """Return the threshold at which alarms are on average at least run_length answers apart while all is well."""
    if run_length < 1:
        raise ValueError("an alarm takes one answer at least")
    low, high = 0.0, 1.0
    while mean_run_length(BernoulliCusum(p0, p1, high), p0) < run_length:
        low, high = high, 2 * high
    while high - low > 0.01:
        middle = (low + high) / 2
        enough = mean_run_length(BernoulliCusum(p0, p1, middle), p0) >= run_length
        low, high = (low, middle) if enough else (middle, high)
    return high


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
