"""Runs: a survey that asks an audience for a time, with a hypothesis that is fixed before the start."""

from collector.communities.runs import pictures, sealing
from collector.communities.runs.actions import change, conclude, create, get, page, start
from collector.communities.runs.audience import Seat, asked_before, cell_of, seat
from collector.communities.runs.hypothesis import DESIGNS, DIRECTIONS, KINDS, Hypothesis, is_open
from collector.communities.runs.models import STATES, StoredRun
from collector.communities.runs.pictures import Picture
from collector.communities.runs.quotas import (
    answered,
    check_place,
    count_answer,
    full_cells,
    has_cells,
    is_full,
)
from collector.communities.runs.running import Run, is_asking, known, run_by_key, runs_asking
from collector.communities.runs.variants import assigned, in_sample

__all__ = [
    "DESIGNS",
    "DIRECTIONS",
    "KINDS",
    "STATES",
    "Hypothesis",
    "Picture",
    "Run",
    "Seat",
    "StoredRun",
    "answered",
    "asked_before",
    "assigned",
    "cell_of",
    "change",
    "check_place",
    "conclude",
    "count_answer",
    "create",
    "full_cells",
    "get",
    "has_cells",
    "in_sample",
    "is_asking",
    "is_full",
    "is_open",
    "known",
    "page",
    "pictures",
    "run_by_key",
    "runs_asking",
    "sealing",
    "seat",
    "start",
]
