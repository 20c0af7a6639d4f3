"""Drivers: which touchpoint scores go with the journey's score. Associated, never "causes".

Only instances that answered at both ends count, and who answers twice is no random choice: say so beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import atanh, factorial, sqrt, tanh
from operator import mul
from random import Random
from statistics import fmean

from collector.statistics.distributions import z_quantile
from collector.statistics.intervals import LEVEL, Interval

MOST_PREDICTORS = 12
COLLINEAR = 1e-10

Matrix = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Association:
    """Spearman's rank correlation of n pairs, -1..1, None if a side is constant; and its interval, if there is one."""

    n: int
    rho: float | None
    interval: Interval | None


def spearman(pairs: Sequence[tuple[float, float]], level: float = LEVEL) -> Association:
    """Correlate ranks, ties at their mean rank; interval by Fisher's z with the error of Bonett & Wright 2000.

    sqrt((1 + rho² / 2) / (n - 3)) on the z scale: no interval under four pairs, nor for a perfect correlation,
    where its width would be 0.
    """
    n = len(pairs)
    by_rank = zip(ranks([x for x, _ in pairs]), ranks([y for _, y in pairs]), strict=True)
    rho = correlation(list(by_rank))
    if rho is None or n < 4 or abs(rho) > 1 - COLLINEAR:
        return Association(n, rho, None)
    margin = z_quantile(level) * sqrt((1 + rho**2 / 2) / (n - 3))
    return Association(n, rho, Interval(tanh(atanh(rho) - margin), tanh(atanh(rho) + margin)))


def ranks(values: Sequence[float]) -> list[float]:
    """Return the ranks from 1 on, equal values sharing the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    places: dict[float, list[int]] = {}
    for rank, place in enumerate(order, start=1):
        places.setdefault(values[place], []).append(rank)
    return [fmean(places[value]) for value in values]


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Pearson's correlation, None if either side is constant or there are fewer than two pairs."""
    if len(pairs) < 2:
        return None
    mean_x, mean_y = fmean(x for x, _ in pairs), fmean(y for _, y in pairs)
    xx = sum((x - mean_x) ** 2 for x, _ in pairs)
    yy = sum((y - mean_y) ** 2 for _, y in pairs)
    if xx == 0 or yy == 0:
        return None
    return max(-1.0, min(1.0, sum((x - mean_x) * (y - mean_y) for x, y in pairs) / sqrt(xx * yy)))


def lmg(between: Matrix, with_outcome: Sequence[float]) -> list[float]:
    """Share R² out over the predictors: the mean gain of each over all orders of entry (LMG, Grömping 2006).

    between: correlations among the k predictors; with_outcome: theirs with the outcome. The result adds up
    to R². All 2^k subsets are fitted, so ValueError above 12 predictors.
    """
    k = len(with_outcome)
    if k > MOST_PREDICTORS or len(between) != k:
        raise ValueError(
            f"relative importance needs 1 to {MOST_PREDICTORS} predictors and their correlations"
        )
    explained = {
        subset: r_squared(between, with_outcome, subset)
        for size in range(k + 1)
        for subset in combinations(range(k), size)
    }
    return [_mean_gain(explained, predictor, k) for predictor in range(k)]


def r_squared(between: Matrix, with_outcome: Sequence[float], subset: Sequence[int]) -> float:
    """Return R², 0..1, of a regression on a subset; a predictor that the others already hold adds nothing.

    Cholesky: each predictor in turn, cleared of the ones before, explains its squared correlation.
    """
    rows: list[list[float]] = []
    residuals: list[float] = []
    for position, i in enumerate(subset):
        row: list[float] = []
        for place, j in enumerate(subset[:position]):
            pivot = rows[place][place]
            cleared = between[i][j] - sum(a * b for a, b in zip(row, rows[place], strict=False))
            row.append(cleared / pivot if pivot else 0.0)
        left = between[i][i] - sum(a * a for a in row)
        pivot = sqrt(left) if left > COLLINEAR else 0.0
        gain = with_outcome[i] - sum(a * b for a, b in zip(row, residuals, strict=True))
        residuals.append(gain / pivot if pivot else 0.0)
        rows.append([*row, pivot])
    return sum(residual**2 for residual in residuals)


def _mean_gain(explained: dict[tuple[int, ...], float], predictor: int, k: int) -> float:
    gain = 0.0
    for subset, before in explained.items():
        if predictor not in subset:
            orders = factorial(len(subset)) * factorial(k - len(subset) - 1) / factorial(k)
            gain += orders * (explained[tuple(sorted((*subset, predictor)))] - before)
    return gain


@dataclass(frozen=True)
class Importance:
    """What one predictor explains of the outcome's variance, 0..1, between low and high in 95 % of resamples."""

    explained: float
    low: float
    high: float


def importance(
    rows: Sequence[tuple[float, ...]], resamples: int = 200, level: float = LEVEL
) -> list[Importance] | None:
    """LMG of each column but the last, which is the outcome, with a percentile bootstrap over the rows.

    The same rows give the same numbers: a figure must not come and go as a page is loaded. None if a column is constant.
    """
    point = _explained(rows)
    if point is None:
        return None
    chance = Random(len(rows))
    drawn: list[list[float]] = []
    while len(drawn) < resamples:
        again = _explained(chance.choices(rows, k=len(rows)))
        drawn.append(again if again is not None else [0.0] * len(point))
    return [
        Importance(value, *_percentiles([each[place] for each in drawn], level))
        for place, value in enumerate(point)
    ]


def _explained(rows: Sequence[tuple[float, ...]]) -> list[float] | None:
    columns = [_standardised(column) for column in zip(*rows, strict=True)]
    if any(column is None for column in columns):
        return None
    known = [column for column in columns if column is not None]
    matrix = [[sum(map(mul, one, other)) for other in known] for one in known]
    k = len(known) - 1
    return lmg([row[:k] for row in matrix[:k]], matrix[k][:k])


def _standardised(column: Sequence[float]) -> list[float] | None:
    """The column with mean 0 and length 1, so that products are correlations; None where it is constant."""
    mean = fmean(column)
    length = sqrt(sum((value - mean) ** 2 for value in column))
    return [(value - mean) / length for value in column] if length else None


def _percentiles(values: Sequence[float], level: float) -> tuple[float, float]:
    ordered, tail = sorted(values), (1 - level) / 2
    last = len(ordered) - 1
    return ordered[round(tail * last)], ordered[round((1 - tail) * last)]
