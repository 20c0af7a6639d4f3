"""Pure statistics: counts and numbers in, figures with their uncertainty out.

Cells, intervals, comparisons, control charts, run lengths, drivers, weights, sample sizes, words and small groups; no
database, no Flask. Each formula names its source. Read by kpis, communities, insights and the dashboard.
"""

from collector.statistics import (
    always_valid,
    apart,
    control_charts,
    exact,
    falls,
    false_discoveries,
    floods,
    hypotheses,
    kano,
    log_odds,
    recovery,
    sample_size,
    silences,
    usability,
    weeks,
)
from collector.statistics.amounts import mean_amount
from collector.statistics.cells import Cells, mean, merged, total, within
from collector.statistics.closed_groups import SIZE, held_back
from collector.statistics.comparisons import SRM_ALARM, benjamini_hochberg, sample_ratio_mismatch
from collector.statistics.drivers import Importance, importance
from collector.statistics.families import (
    LEAST,
    WEIGHTS,
    Compared,
    Finding,
    Group,
    Judgement,
    Kind,
    Pair,
    judge,
    picked,
    shown_most,
    simultaneous,
)
from collector.statistics.intervals import LEVEL, Interval, difference, mean_score, nps_score, wilson
from collector.statistics.proportions import Share, share
from collector.statistics.ranks import largest
from collector.statistics.small_groups import K, hidden, low_base, too_few

__all__ = [
    "LEAST",
    "LEVEL",
    "SIZE",
    "SRM_ALARM",
    "WEIGHTS",
    "Cells",
    "Compared",
    "Finding",
    "Group",
    "Importance",
    "Interval",
    "Judgement",
    "K",
    "Kind",
    "Pair",
    "Share",
    "always_valid",
    "apart",
    "benjamini_hochberg",
    "control_charts",
    "difference",
    "exact",
    "falls",
    "false_discoveries",
    "floods",
    "held_back",
    "hidden",
    "hypotheses",
    "importance",
    "judge",
    "kano",
    "largest",
    "log_odds",
    "low_base",
    "mean",
    "mean_amount",
    "mean_score",
    "merged",
    "nps_score",
    "picked",
    "recovery",
    "sample_ratio_mismatch",
    "sample_size",
    "share",
    "shown_most",
    "silences",
    "simultaneous",
    "too_few",
    "total",
    "usability",
    "weeks",
    "wilson",
    "within",
]
