"""Variants by hash: collector and SDK agree, each gets its share, and a larger sample holds the smaller one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from afterword.variants import read_runs, variant

from collector.communities.runs import assigned, in_sample
from collector.statistics import SRM_ALARM, sample_ratio_mismatch

GOLDEN = json.loads((Path(__file__).parents[2] / "wire/variants.json").read_text("utf-8"))
SUBJECTS = [f"cu_{number:024d}" for number in range(10_000)]


@pytest.mark.parametrize("shares", [[1, 1], [0.1, 0.2, 0.7], [9, 1]])
def test_the_sdk_and_the_collector_agree_on_ten_thousand(shares: list[float]) -> None:
    variants = [{"key": "abc"[place], "share": share} for place, share in enumerate(shares)]
    [run] = read_runs([{"run": "new-page", "sample": 0.8, "variants": variants}]).values()
    found = [
        assigned("new-page", subject, variants) if in_sample("new-page", subject, 0.8) else None
        for subject in SUBJECTS
    ]
    assert found == [variant(run, "new-page", subject) for subject in SUBJECTS]
    counts = [found.count(each["key"]) for each in variants]
    assert sample_ratio_mismatch(counts, shares).p > SRM_ALARM
    assert sample_ratio_mismatch([found.count(None), sum(counts)], [0.2, 0.8]).p > SRM_ALARM


def test_golden_values() -> None:
    for row in GOLDEN:
        is_in = in_sample(row["run"], row["customer"], row["sample"])
        assert (assigned(row["run"], row["customer"], row["variants"]) if is_in else None) == row["variant"]


def test_who_is_in_a_small_sample_is_in_every_larger_one() -> None:
    small, large = ({s for s in SUBJECTS[:1000] if in_sample("r", s, share)} for share in (0.1, 0.5))
    assert small < large


def test_two_runs_draw_apart() -> None:
    halves = [{"key": "a", "share": 1}, {"key": "b", "share": 1}]
    both = [(assigned("one", s, halves), assigned("two", s, halves)) for s in SUBJECTS]
    counts = [both.count(pair) for pair in (("a", "a"), ("a", "b"), ("b", "a"), ("b", "b"))]
    assert sample_ratio_mismatch(counts).p > SRM_ALARM
