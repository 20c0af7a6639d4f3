"""Which variant a customer sees: golden values, no network, None wherever the host shows what it shows everybody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from afterword import Client
from afterword.testing import MemoryClient
from afterword.variants import read_runs, variant

GOLDEN = json.loads((Path(__file__).parents[1] / "wire/variants.json").read_text("utf-8"))
TOLD = [
    {"run": "new-page", "sample": 1, "variants": [{"key": "old", "share": 1}, {"key": "new", "share": 1}]}
]


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['run']} {row['customer'][3]}")
def test_it_is_what_the_collector_says(row: dict) -> None:
    [run] = read_runs([row]).values()
    assert variant(run, row["run"], row["customer"]) == row["variant"]


def test_it_is_known_without_the_network_and_stays_the_same() -> None:
    sdk, again = MemoryClient(), MemoryClient()
    assert sdk.load_runs(TOLD) == TOLD
    again.load_runs(TOLD)
    seen = [sdk.variant("new-page", f"c-{number}") for number in range(50)]
    assert set(seen) == {"old", "new"}
    assert seen == [again.variant("new-page", f"c-{number}") for number in range(50)]


def test_a_run_that_nobody_has_told_of_shows_no_variant() -> None:
    assert MemoryClient().variant("new-page", "c-1") is None


def test_outside_its_window_it_shows_no_variant() -> None:
    sdk: Client = MemoryClient()
    sdk.load_runs([{**TOLD[0], "from": "2999-01-01T00:00:00Z"}])
    assert sdk.variant("new-page", "c-1") is None
    sdk.load_runs([{**TOLD[0], "to": "2001-01-01T00:00:00Z"}])
    assert sdk.variant("new-page", "c-1") is None
